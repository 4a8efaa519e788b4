// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.Retention;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/** The arguments of the function that commits the most frequent of all transactions: puts into one table. */
final class PutArguments {

    /** In the list of what is selected a call stores its row nowhere; without the offset it would be made for each column. */
    static final String CALL = "select (put.row).result, (put.row).instant from (select ${schema}.kvist_put("
            + "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) as row offset 0) put";

    /** What they replace is gathered in memory. */
    private static final int PUTS_MAX = 4_000;

    private final WaitingCommit commit;

    PutArguments(WaitingCommit commit) {
        this.commit = commit;
    }

    /** Whether the function takes a commit. */
    static boolean take(Draft draft) {
        if (draft.writes.isEmpty()
                || draft.writes.size() > PUTS_MAX
                || draft.checks.size() > 1
                || !draft.spans.isEmpty()) {
            return false;
        }
        Draft.Write first = draft.writes.get(0);
        for (Draft.Write write : draft.writes) {
            if (write.kind() != Draft.PUT
                    || write.place().keyspace() != first.place().keyspace()
                    || write.deadline() != first.deadline()) {
                return false;
            }
        }
        return true;
    }

    void set(PreparedStatement statement, ServerClock clock, Retention kept) throws SQLException {
        statement.setLong(1, clock.atLeast());
        statement.setBoolean(2, clock.isServers());
        statement.setBoolean(3, commit.isSync);
        statement.setLong(4, kept.revisions());
        statement.setLong(5, Retained.millis(kept));
        statement.setLong(6, commit.id);
        if (commit.draft.checks.isEmpty()) {
            statement.setInt(7, 0);
            statement.setNull(8, Types.BINARY);
            statement.setLong(9, 0);
        } else {
            Draft.Check check = commit.draft.checks.get(0);
            statement.setInt(7, check.place().keyspace());
            statement.setBytes(8, check.place().key());
            statement.setLong(9, check.version());
        }
        setWrites(statement, commit.draft.writes);
    }

    private static void setWrites(PreparedStatement statement, List<Draft.Write> writes) throws SQLException {
        byte[][] keys = new byte[writes.size()][];
        byte[][] values = new byte[writes.size()][];
        long[] versions = new long[writes.size()];
        for (int i = 0; i < keys.length; i++) {
            Draft.Write write = writes.get(i);
            keys[i] = write.place().key();
            values[i] = write.value();
            versions[i] = write.version();
        }
        statement.setInt(10, writes.get(0).place().keyspace());
        statement.setObject(11, keys);
        statement.setObject(12, values);
        statement.setObject(13, versions);
        statement.setLong(14, writes.get(0).deadline());
    }
}
