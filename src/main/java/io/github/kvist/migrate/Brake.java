// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Slows writers down that are faster than what they write can be applied elsewhere; without it a copy might never be done. The pause of
 * each write grows quickly while too much waits, and fades slowly. Told by one thread at a time, asked by any.
 */
final class Brake {

    /** So many commits may wait: a feed keeps some ten thousand before it misses any. */
    private static final long LAG_MAX = 2_000;

    private static final long NANOS_MIN = Duration.ofNanos(100_000).toNanos();
    private static final long NANOS_MAX = Duration.ofMillis(10).toNanos();

    private static final int FADING = 32;

    private volatile long nanos;

    /** So many commits wait to be applied. */
    void told(long lag) {
        long before = nanos;
        if (lag > LAG_MAX) {
            nanos = Math.min(NANOS_MAX, Math.max(NANOS_MIN, before * 2));
        } else if (lag < LAG_MAX / 2 && before > 0) {
            nanos = before <= NANOS_MIN ? 0 : before - before / FADING;
        }
    }

    void release() {
        nanos = 0;
    }

    /** Waits before a write, if need be. */
    void await() {
        long pause = nanos;
        if (pause > 0) {
            LockSupport.parkNanos(pause);
        }
    }
}
