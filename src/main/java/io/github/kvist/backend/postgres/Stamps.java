// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;

/**
 * Numbers that no process gives out twice: the upper half is the number of this process, which the server gave it, the lower half
 * counts. Safe for any number of threads.
 */
final class Stamps {

    private static final int BITS = 32;

    private final IntSupplier clients;
    private final long each;
    private final AtomicLong next = new AtomicLong();

    /** The end of the numbers of this process. */
    private volatile long end;

    /**
     * Begins as {@code client}.
     *
     * @param clients gives further numbers when all stamps of one are taken
     */
    Stamps(int client, IntSupplier clients) {
        this(client, clients, 1L << BITS);
    }

    /** As above, with fewer stamps for each client. */
    Stamps(int client, IntSupplier clients, long each) {
        this.clients = clients;
        this.each = each;
        begin(client);
    }

    long take() {
        while (true) {
            long stamp = next.get();
            if (stamp == end) {
                renew(stamp);
            } else if (next.compareAndSet(stamp, stamp + 1)) {
                return stamp;
            }
        }
    }

    /**
     * Gives only stamps above {@code version} from now on.
     *
     * @param clientsAbove gives the number of a process above another
     */
    synchronized void above(long version, IntUnaryOperator clientsAbove) {
        if (next.get() <= version) {
            begin(clientsAbove.applyAsInt((int) (version >>> BITS)));
        }
    }

    private synchronized void renew(long used) {
        if (used == end) {
            begin(clients.getAsInt());
        }
    }

    private void begin(int client) {
        long first = ((long) client << BITS) + 1; // 0 stands for none
        // In this order: between the two, stamps of the new number are taken, and none is the old end.
        next.set(first);
        end = first + each - 1;
    }
}
