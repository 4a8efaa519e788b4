// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How long one call may still take, whatever it consists of. Confined to one thread. */
final class TimeLimit {

    private static final long PAUSE_NANOS_MAX = Duration.ofMillis(100).toNanos();

    private final long end;
    private long pause = Duration.ofMillis(2).toNanos();

    TimeLimit(Duration limit) {
        end = System.nanoTime() + limit.toNanos();
    }

    boolean isOver() {
        return nanos() <= 0;
    }

    long nanos() {
        return end - System.nanoTime();
    }

    /** At least 1, because 0 would be no limit for a socket. */
    int millis() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, nanos() / 1_000_000));
    }

    /** Waits before another attempt, each time longer; a caller's interrupt shortens it and is kept. */
    void pause() {
        LockSupport.parkNanos(Math.min(pause, nanos()));
        pause = Math.min(2 * pause, PAUSE_NANOS_MAX);
    }
}
