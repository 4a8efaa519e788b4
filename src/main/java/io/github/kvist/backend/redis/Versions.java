// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Stamps that no other client draws: the number of this client, then a count. Safe for any number of threads. */
final class Versions {

    private static final int COUNT_BITS = 32;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    private final LongSupplier clients;
    private final AtomicLong next;

    /**
     * Counts for a client.
     *
     * @param clients draws another number, after four thousand million stamps
     */
    Versions(long client, LongSupplier clients) {
        this.clients = clients;
        this.next = new AtomicLong(client << COUNT_BITS);
    }

    long next() {
        while (true) {
            long stamp = next.get();
            long after = (stamp & COUNT_MASK) == COUNT_MASK ? clients.getAsLong() << COUNT_BITS : stamp + 1;
            if (next.compareAndSet(stamp, after)) {
                return stamp;
            }
        }
    }

    /** From now on only stamps above {@code version}, as soon as the client's number is drawn anew from above it. */
    void goAbove(long version) {
        while (true) {
            long stamp = next.get();
            if (stamp > version || next.compareAndSet(stamp, clients.getAsLong() << COUNT_BITS)) {
                return;
            }
        }
    }

    /** The number of the client that drew a stamp. */
    static long client(long version) {
        return version >> COUNT_BITS;
    }
}
