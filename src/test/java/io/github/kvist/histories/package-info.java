// SPDX-License-Identifier: Apache-2.0
/**
 * Stores under load whose every transaction is written down, and checked afterwards: {@link io.github.kvist.histories.Workload} is what the
 * threads do, {@link io.github.kvist.histories.Recorder} writes it down, {@link io.github.kvist.testkit.HistoryChecker} judges it.
 */
@NullMarked
package io.github.kvist.histories;

import org.jspecify.annotations.NullMarked;
