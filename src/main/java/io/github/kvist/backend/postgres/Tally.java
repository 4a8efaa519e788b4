// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.Stats;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What this process has done with the store. Safe for any number of threads. */
final class Tally {

    private final LongAdder commits = new LongAdder();
    private final LongAdder conflicts = new LongAdder();
    private final LongAdder calls = new LongAdder();
    private final LongAdder syncedCalls = new LongAdder();
    private final LongAccumulator batchMax = new LongAccumulator(Math::max, 0);
    private final LongAdder sweeps = new LongAdder();
    private final LongAdder expired = new LongAdder();

    /** So many commits shared a call. */
    void called(int together, boolean isSync) {
        calls.increment();
        commits.add(together);
        batchMax.accumulate(together);
        if (isSync) {
            syncedCalls.increment();
        }
    }

    void conflicted() {
        conflicts.increment();
    }

    void swept(long entries) {
        sweeps.increment();
        expired.add(entries);
    }

    Stats.Commits commits() {
        long all = calls.sum();
        double mean = all == 0 ? 0 : (double) commits.sum() / all;
        return new Stats.Commits(commits.sum(), conflicts.sum(), all, syncedCalls.sum(), mean, batchMax.get());
    }

    long sweeps() {
        return sweeps.sum();
    }

    long expired() {
        return expired.sum();
    }
}
