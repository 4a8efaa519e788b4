// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import java.util.concurrent.atomic.LongAdder;

/** What this process has done since it opened the store. Safe for any number of threads. */
final class Tally {
    final LongAdder commits = new LongAdder();
    final LongAdder conflicts = new LongAdder();
    final LongAdder sweeps = new LongAdder();
    final LongAdder expired = new LongAdder();
}
