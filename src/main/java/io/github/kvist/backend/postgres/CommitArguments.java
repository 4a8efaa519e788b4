// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.Retention;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The arguments of the function that commits: one array for each column of what several commits check and write. */
final class CommitArguments {

    /** As {@link PutArguments#CALL}. */
    static final String CALL =
            "select (made.row).results, (made.row).newest, (made.row).instant from (select ${schema}.kvist_commit("
                    + "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) as row offset 0) made";

    private final List<WaitingCommit> commits;

    CommitArguments(List<WaitingCommit> commits) {
        this.commits = commits;
    }

    void set(PreparedStatement statement, ServerClock clock, boolean isResent, Retention kept) throws SQLException {
        statement.setLong(1, clock.atLeast());
        statement.setBoolean(2, clock.isServers());
        statement.setBoolean(3, commits.stream().anyMatch(commit -> commit.isSync));
        statement.setBoolean(4, isResent);
        statement.setLong(5, kept.revisions());
        statement.setLong(6, Retained.millis(kept));
        statement.setObject(7, commits.stream().mapToLong(commit -> commit.id).toArray());
        setChecks(statement);
        setSpans(statement);
        setWrites(statement);
    }

    private void setChecks(PreparedStatement statement) throws SQLException {
        int size =
                commits.stream().mapToInt(commit -> commit.draft.checks.size()).sum();
        int[] of = new int[size];
        int[] keyspaces = new int[size];
        byte[][] keys = new byte[size][];
        long[] versions = new long[size];
        int n = 0;
        for (int i = 0; i < commits.size(); i++) {
            for (Draft.Check check : commits.get(i).draft.checks) {
                of[n] = i + 1;
                keyspaces[n] = check.place().keyspace();
                keys[n] = check.place().key();
                versions[n++] = check.version();
            }
        }
        statement.setObject(8, of);
        statement.setObject(9, keyspaces);
        statement.setObject(10, keys);
        statement.setObject(11, versions);
    }

    private void setSpans(PreparedStatement statement) throws SQLException {
        int size =
                commits.stream().mapToInt(commit -> commit.draft.spans.size()).sum();
        int[] of = new int[size];
        int[] keyspaces = new int[size];
        byte[][] from = new byte[size][];
        byte[][] to = new byte[size][];
        long[] since = new long[size];
        long[] instants = new long[size];
        int n = 0;
        for (int i = 0; i < commits.size(); i++) {
            Draft draft = commits.get(i).draft;
            for (Draft.Span span : draft.spans) {
                of[n] = i + 1;
                keyspaces[n] = span.keyspace();
                from[n] = span.from();
                to[n] = span.to();
                since[n] = draft.since;
                instants[n++] = draft.instant;
            }
        }
        statement.setObject(12, of);
        statement.setObject(13, keyspaces);
        statement.setObject(14, from);
        statement.setObject(15, to);
        statement.setObject(16, since);
        statement.setObject(17, instants);
    }

    private void setWrites(PreparedStatement statement) throws SQLException {
        int size =
                commits.stream().mapToInt(commit -> commit.draft.writes.size()).sum();
        int[] of = new int[size];
        int[] kinds = new int[size];
        int[] keyspaces = new int[size];
        byte[][] keys = new byte[size][];
        byte[][] values = new byte[size][];
        long[] versions = new long[size];
        long[] deadlines = new long[size];
        int n = 0;
        for (int i = 0; i < commits.size(); i++) {
            for (Draft.Write write : commits.get(i).draft.writes) {
                of[n] = i + 1;
                kinds[n] = write.kind();
                keyspaces[n] = write.place().keyspace();
                keys[n] = write.place().key();
                values[n] = write.value();
                versions[n] = write.version();
                deadlines[n++] = write.deadline();
            }
        }
        statement.setObject(18, of);
        statement.setObject(19, kinds);
        statement.setObject(20, keyspaces);
        statement.setObject(21, keys);
        statement.setObject(22, values);
        statement.setObject(23, versions);
        statement.setObject(24, deadlines);
    }
}
