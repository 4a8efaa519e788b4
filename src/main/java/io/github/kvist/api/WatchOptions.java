// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a watch reports; immutable, each method returns a changed copy.
 *
 * @param table whose records are watched; {@code null} for those of all tables
 * @param range of keys of the table
 * @param from the revision after which reporting begins; if empty, after the newest when the watch is made
 * @param buffer how many commits wait for a consumer that is slower than the writers, before one is missed
 */
public record WatchOptions(@Nullable Table<?, ?> table, KeyRange<?> range, OptionalLong from, int buffer) {

    private static final int BUFFER = 10_000;

    public WatchOptions {
        Objects.requireNonNull(range, "range");
        Objects.requireNonNull(from, "from");
        if (table == null && range != KeyRange.all()) {
            throw new IllegalArgumentException(
                    "A range of keys is one of a table. Watch a table with WatchOptions.of(table).range(range).");
        }
        if (from.isPresent() && from.getAsLong() < 0) {
            throw new IllegalArgumentException("A watch begins after revision 0 or a later one, not " + from.getAsLong()
                    + ". Use the revision of a snapshot or of an event.");
        }
        if (buffer < 1) {
            throw new IllegalArgumentException("The buffer of a watch holds 1 commit or more, not " + buffer + ".");
        }
    }

    /** Every record of a table. */
    public static WatchOptions of(Table<?, ?> table) {
        return new WatchOptions(Objects.requireNonNull(table, "table"), KeyRange.all(), OptionalLong.empty(), BUFFER);
    }

    /** Every record of every table, those that the program never named too. */
    public static WatchOptions all() {
        return new WatchOptions(null, KeyRange.all(), OptionalLong.empty(), BUFFER);
    }

    /**
     * Only keys of the table inside {@code range}.
     *
     * @throws IllegalArgumentException if all tables are watched
     */
    public WatchOptions range(KeyRange<?> range) {
        return new WatchOptions(table, range, from, buffer);
    }

    /** Every commit after {@code revision}: that of a snapshot to continue it, or of the last event to resume. */
    public WatchOptions from(long revision) {
        return new WatchOptions(table, range, OptionalLong.of(revision), buffer);
    }

    public WatchOptions buffer(int commits) {
        return new WatchOptions(table, range, from, commits);
    }
}
