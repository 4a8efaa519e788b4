// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some entries of a scan, one after the other.
 *
 * @param isLast whether nothing follows
 */
record Page(List<Row> rows, boolean isLast) {

    static final Page EMPTY = new Page(List.of(), true);

    /**
     * An entry.
     *
     * @param value {@code null} if it is too large to come with the page
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(byte[] key, byte @Nullable [] value, long version, long deadline) {}

    /** What was asked for with a limit of rows. */
    static Page of(ResultSet answer, int limit) throws SQLException {
        List<Row> rows = new ArrayList<>();
        while (answer.next()) {
            rows.add(new Row(answer.getBytes(1), answer.getBytes(2), answer.getLong(3), answer.getLong(4)));
        }
        return new Page(rows, rows.size() < limit);
    }
}
