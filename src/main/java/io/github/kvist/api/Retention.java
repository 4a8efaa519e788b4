// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.time.Duration;
import java.util.Objects;

/**
 * Which commits of the past stay readable, for watches that resume and for {@link KvStore#snapshotAt}. Immutable.
 *
 * <p>A commit is kept while it is one of the last {@code revisions}, or younger than {@code age}, whichever is longer; but
 * never more of them than take about {@code bytes} of memory. The newest commit is always kept.
 *
 * @param revisions how many of the last commits
 * @param age how long after the commit, by the clock of the store
 * @param bytes of memory that is kept for the past alone, estimated
 */
public record Retention(long revisions, Duration age, long bytes) {

    /** What a watch needs that resumes after a short while: the last 1,000 commits within 4 MB. */
    static final Retention DEFAULT = new Retention(1_000, Duration.ZERO, 4L << 20);

    public Retention {
        Objects.requireNonNull(age, "age");
        if (revisions < 0 || age.isNegative() || bytes < 0) {
            throw new IllegalArgumentException("A history of " + revisions + " revisions, " + age + " and " + bytes
                    + " bytes cannot be kept. Give numbers of 0 or more.");
        }
    }

    Retention forRevisions(long number) {
        return new Retention(number, isDefault() ? Duration.ZERO : age, Long.MAX_VALUE);
    }

    Retention forAge(Duration duration) {
        return new Retention(isDefault() ? 0 : revisions, duration, Long.MAX_VALUE);
    }

    private boolean isDefault() {
        return equals(DEFAULT);
    }
}
