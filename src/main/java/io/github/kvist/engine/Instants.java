// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.tree.RadixTree;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time of a store: that of its clock, but never earlier than an instant by which it has acted before. Safe for any number
 * of threads.
 *
 * <p>So a clock that goes backwards brings nothing back that was gone: time stands still until the clock has caught up.
 */
final class Instants {

    /** At which nothing is due. */
    static final long NOTHING_DUE = Long.MIN_VALUE;

    private static final long LAST = RadixTree.NEVER - 1;

    private final InstantSource clock;
    private final AtomicLong latest;

    Instants(InstantSource clock, long notBefore) {
        this.clock = clock;
        this.latest = new AtomicLong(notBefore);
    }

    /** An instant to act by. */
    long now() {
        long read = Math.min(clock.millis(), LAST);
        long before = latest.get();
        while (read > before) {
            if (latest.compareAndSet(before, read)) {
                return read;
            }
            before = latest.get();
        }
        return before;
    }

    /** Time goes on from there, should it be behind. */
    void notBefore(long instant) {
        latest.accumulateAndGet(instant, Math::max);
    }

    /** What {@link #now} would be, for looking whether there is anything to do. */
    long unrecorded() {
        return Math.max(latest.get(), Math.min(clock.millis(), LAST));
    }

    /** By what a view of {@code root} judges: without asking for the time where nothing has a deadline. */
    long of(Root root) {
        return root.deadline == RadixTree.NEVER ? NOTHING_DUE : now();
    }
}
