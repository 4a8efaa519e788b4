// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import java.time.Duration;

/**
 * The moment at which a call has to end.
 *
 * @param wholeNanos how much time there was at first
 */
record Deadline(long nanoTime, long wholeNanos) {

    /** Less than this part of the time is not enough to begin anew: a pool may take as long as the whole to find a connection. */
    private static final int TRY_PART = 4;

    static Deadline after(Duration timeout) {
        long whole = Math.min(Long.MAX_VALUE / 4, nanos(timeout));
        return new Deadline(System.nanoTime() + whole, whole);
    }

    boolean allowsAnotherTry() {
        return remainingNanos() > wholeNanos / TRY_PART;
    }

    private static long nanos(Duration timeout) {
        try {
            return timeout.toNanos();
        } catch (ArithmeticException veryLong) {
            return Long.MAX_VALUE;
        }
    }

    boolean hasPassed() {
        return remainingNanos() <= 0;
    }

    long remainingNanos() {
        return nanoTime - System.nanoTime();
    }

    /** At least 1, since 0 stands for no limit wherever a driver is told one. */
    int remainingMillis() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, remainingNanos() / 1_000_000));
    }
}
