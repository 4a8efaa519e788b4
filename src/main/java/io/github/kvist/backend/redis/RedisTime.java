// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.backend.Stored;
import java.time.Clock;
import java.time.InstantSource;

/**
 * The time of a store: that of the server, unless the store was given a clock of its own, which then goes along with each call. Never goes
 * back. Safe for any number of threads.
 */
final class RedisTime {

    private static final long LAST = Stored.NEVER - 1;

    private final InstantSource clock;
    private final boolean isServers;
    /** Written under the lock of this. */
    private volatile Told told = new Told(Long.MIN_VALUE, 0);

    /**
     * An instant by which the server has acted.
     *
     * @param at of {@link System#nanoTime}
     */
    private record Told(long instant, long at) {}

    RedisTime(InstantSource clock) {
        this.clock = clock;
        isServers = clock.equals(Clock.systemUTC());
    }

    /** What scripts take as their clock. */
    byte[] argument() {
        byte[] argument = new byte[1 + Sortable.BYTES];
        argument[0] = (byte) (isServers ? 'S' : 'C');
        Sortable.write(isServers ? told.instant : now(), argument, 1);
        return argument;
    }

    /** The server has acted by {@code instant}. */
    void tell(long instant) {
        if (told.instant < instant) {
            synchronized (this) {
                if (told.instant < instant) {
                    told = new Told(instant, isServers ? System.nanoTime() : 0);
                }
            }
        }
    }

    /** Now, as far as can be said without asking the server: what it told last, and the time since then. */
    long now() {
        Told last = told;
        return isServers
                ? Math.min(LAST, last.instant + (System.nanoTime() - last.at) / 1_000_000)
                : Math.max(last.instant, Math.min(clock.millis(), LAST));
    }
}
