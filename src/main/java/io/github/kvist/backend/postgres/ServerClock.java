// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import java.time.Clock;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time of the store: the server's, unless the options give a clock of their own, which is then sent along with each call.
 * Never goes back. Safe for any number of threads.
 */
final class ServerClock {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final InstantSource source;
    private final boolean isServers;
    private final AtomicLong highest = new AtomicLong();
    private volatile Told told = new Told(0, System.nanoTime());

    /** What the server said, and when that was here. */
    private record Told(long millis, long nanoTime) {}

    ServerClock(InstantSource source) {
        this.source = source;
        this.isServers = source.equals(Clock.systemUTC());
    }

    /** Whether the server is to look at its own clock. */
    boolean isServers() {
        return isServers;
    }

    /** The instant to send: nothing may be judged by an earlier one. */
    long atLeast() {
        return isServers ? highest.get() : now();
    }

    /** Between two answers of the server its clock is taken to go as fast as ours. */
    long now() {
        if (!isServers) {
            return highest.accumulateAndGet(source.millis(), Math::max);
        }
        Told last = told;
        return Math.max(highest.get(), last.millis + (System.nanoTime() - last.nanoTime) / NANOS_PER_MILLI);
    }

    /** The server judged by this instant. */
    void told(long millis) {
        highest.accumulateAndGet(millis, Math::max);
        told = new Told(millis, System.nanoTime());
    }
}
