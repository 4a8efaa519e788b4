// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import java.time.Duration;

/** The moment at which a call has to end. */
record Deadline(long nanoTime) {

    static Deadline after(Duration timeout) {
        return new Deadline(System.nanoTime() + Math.min(Long.MAX_VALUE / 4, nanos(timeout)));
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
