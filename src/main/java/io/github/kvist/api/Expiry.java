// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * When an entry will be gone. Whatever it is made of, it is an absolute instant once the entry is written; immutable.
 *
 * <p>An entry is gone from the instant on, to the millisecond: no view that is opened then, or later, shows it. An instant that
 * has already come is as good as a delete: the write removes what is there.
 */
public sealed interface Expiry {

    /**
     * So long after the moment at which the writing transaction began, in milliseconds rounded up. Beyond what a {@code long} of
     * milliseconds can tell it is {@link #never}.
     *
     * @throws IllegalArgumentException unless the duration is positive
     */
    static Expiry after(Duration duration) {
        return new After(duration);
    }

    /** At an instant, in milliseconds rounded down; one far beyond all calendars is {@link #never}. */
    static Expiry at(Instant instant) {
        return new At(instant);
    }

    /** The entry stays until it is deleted. */
    static Expiry never() {
        return Never.NEVER;
    }

    /**
     * For backends: the first millisecond since the epoch at which an entry is gone that is written by a transaction of
     * {@code nowMillis}; {@link Long#MAX_VALUE} if it stays.
     */
    long deadline(long nowMillis);

    /** Made by {@link #after}. */
    record After(Duration duration) implements Expiry {

        private static final int NANOS_LESS_ONE = 999_999;

        public After {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("An entry expires after a positive duration, not " + duration
                        + ". To remove it at once, delete it; to let it stay, use Expiry.never().");
            }
        }

        @Override
        public long deadline(long nowMillis) {
            try {
                return Math.addExact(
                        nowMillis, duration.plusNanos(NANOS_LESS_ONE).toMillis());
            } catch (ArithmeticException endless) {
                return Long.MAX_VALUE;
            }
        }
    }

    /** Made by {@link #at}. */
    record At(Instant instant) implements Expiry {

        public At {
            Objects.requireNonNull(instant, "instant");
        }

        @Override
        public long deadline(long nowMillis) {
            try {
                return instant.toEpochMilli();
            } catch (ArithmeticException beyond) {
                return instant.isAfter(Instant.EPOCH) ? Long.MAX_VALUE : Long.MIN_VALUE;
            }
        }
    }

    /** Made by {@link #never}. */
    enum Never implements Expiry {
        NEVER;

        @Override
        public long deadline(long nowMillis) {
            return Long.MAX_VALUE;
        }
    }
}
