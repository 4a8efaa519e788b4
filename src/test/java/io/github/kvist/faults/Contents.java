// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.faults.Contents.Place;
import io.github.kvist.faults.Contents.Row;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a store should hold at one revision; immutable. */
record Contents(SortedMap<Place, Row> rows) {

    static final Contents NOTHING = new Contents(Collections.emptySortedMap());

    /** A record; its deadline is {@link #NEVER} if it has none. */
    record Row(String value, long deadline) {
        static final long NEVER = Long.MAX_VALUE;
    }

    /** Where a record stands. */
    record Place(String table, String key) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byTable = table.compareTo(other.table);
            return byTable != 0 ? byTable : key.compareTo(other.key);
        }
    }

    Contents with(String table, String key, String value) {
        return with(table, key, value, Row.NEVER);
    }

    Contents with(String table, String key, String value, long deadline) {
        SortedMap<Place, Row> next = new TreeMap<>(rows);
        next.put(new Place(table, key), new Row(value, deadline));
        return new Contents(next);
    }

    Contents without(String table, String key) {
        SortedMap<Place, Row> next = new TreeMap<>(rows);
        next.remove(new Place(table, key));
        return new Contents(next);
    }

    /** Only what is not due. */
    Contents at(long millis) {
        if (rows.values().stream().allMatch(row -> row.deadline > millis)) {
            return this;
        }
        SortedMap<Place, Row> next = new TreeMap<>(rows);
        next.values().removeIf(row -> row.deadline <= millis);
        return new Contents(next);
    }

    /** The records of a table by their keys. */
    SortedMap<String, Row> of(String table) {
        SortedMap<String, Row> found = new TreeMap<>();
        rows.forEach((place, row) -> {
            if (place.table.equals(table)) {
                found.put(place.key, row);
            }
        });
        return found;
    }
}
