// SPDX-License-Identifier: Apache-2.0
/**
 * Few threads with a few operations each, again and again: whatever they are told, some order of the operations explains it, and an operation
 * that ended before another began comes first in it. Lincheck makes up the operations and looks for the order: Koval, Fedorov, Sokolova,
 * Tsitelov and Alistarh, "Lincheck: A Practical Framework for Testing Concurrent Data Structures on JVM" (CAV 2023).
 */
@NullMarked
package io.github.kvist.linearizability;

import org.jspecify.annotations.NullMarked;
