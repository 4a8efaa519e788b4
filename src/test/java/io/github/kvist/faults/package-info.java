// SPDX-License-Identifier: Apache-2.0
/**
 * Campaigns: what the store must survive, tried by the thousand. Each counts what it did and prints it; {@link
 * io.github.kvist.faults.Scale} says how much that is.
 */
@NullMarked
package io.github.kvist.faults;

import org.jspecify.annotations.NullMarked;
