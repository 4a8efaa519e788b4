// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.Retention;
import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.Feed.Event;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what commits changed. A state of the database holds all commits up to its newest, because they become visible one after
 * the other; so what has been read once need never be looked at again.
 */
final class ChangeReader {

    private static final int COMMITS_MAX = 128;

    // One statement, and so one state of the database, for what is kept and for the changes.
    private static final String BEGINNING = "select b.oldest, b.newest, c.revision, c.at, c.keyspace, c.key,"
            + " c.before, c.before_version, c.before_deadline, c.after, c.after_version, c.after_deadline, c.expired"
            + " from (select (select m.revision from ${schema}.kvist_commits m order by m.revision limit 1) as oldest,"
            + " (select m.revision from ${schema}.kvist_commits m order by m.revision desc limit 1) as newest) b"
            + " left join lateral (select m.revision, m.part, m.at, m.expired, x.key, coalesce(x.keyspace, m.keyspaces[1]) as keyspace,"
            + " x.before, x.before_version, x.before_deadline, x.after, x.after_version,"
            + " coalesce(x.after_deadline, m.after_deadlines[1]) as after_deadline"
            + " from ${schema}.kvist_commits m cross join lateral (select unnest(m.keyspaces) as keyspace,"
            + " unnest(m.keys) as key, unnest(m.before) as before, unnest(m.before_versions) as before_version,"
            + " unnest(m.before_deadlines) as before_deadline, unnest(m.after) as after,"
            + " unnest(m.after_versions) as after_version, unnest(m.after_deadlines) as after_deadline) x"
            + " where m.revision > ? and m.revision <= ?) c on ";
    private static final String END = " order by c.revision, c.part";
    private static final String OF_RANGE = "c.keyspace = ? and c.key >= ? and (?::bytea is null or c.key < ?)";
    private static final String OF_KEYSPACES =
            "c.keyspace in (select k.id from ${schema}.kvist_keyspaces k where starts_with(k.name, ?))";

    private static final Comparator<KeyChange> BY_PLACE = Comparator.comparingInt(
                    (KeyChange change) -> ((PostgresKeyspace) change.keyspace()).id())
            .thenComparing(KeyChange::key, Arrays::compareUnsigned);

    private final Keyspaces keyspaces;
    private final Retention kept;
    private final String ofRange;
    private final String ofKeyspaces;

    ChangeReader(Keyspaces keyspaces, Retention kept, SchemaName schema) {
        this.keyspaces = keyspaces;
        this.kept = kept;
        this.ofRange = schema.in(BEGINNING + OF_RANGE + END);
        this.ofKeyspaces = schema.in(BEGINNING + OF_KEYSPACES + END);
    }

    /**
     * Some commits in revision order.
     *
     * @param oldest the oldest revision that is kept; what lies before it is missing from {@code events}
     * @param promised the oldest that is kept for those who come late
     * @param end up to which revision all are here
     * @param newest the newest revision
     */
    record Commits(long oldest, long promised, long end, long newest, List<Event.Committed> events) {
        boolean areLast() {
            return end >= newest;
        }

        boolean hasGapAfter(long revision) {
            return revision < oldest - 1;
        }

        boolean hasGapForLatecomersAfter(long revision) {
            return revision < promised - 1;
        }
    }

    /** The next commits after a revision. */
    Commits after(Connection connection, Scope scope, long revision) throws SQLException {
        long end = revision + COMMITS_MAX;
        try (PreparedStatement statement =
                connection.prepareStatement(scope instanceof Range ? ofRange : ofKeyspaces)) {
            statement.setLong(1, revision);
            statement.setLong(2, end);
            set(statement, scope, connection);
            try (ResultSet answer = statement.executeQuery()) {
                return commits(answer, connection, revision, end);
            }
        }
    }

    private void set(PreparedStatement statement, Scope scope, Connection connection) throws SQLException {
        if (scope instanceof Range range) {
            PostgresKeyspace keyspace = keyspaces.ours(range.keyspace());
            statement.setInt(3, keyspaces.isKnown(keyspace, connection) ? keyspace.id() : -1);
            statement.setBytes(4, range.from());
            statement.setBytes(5, range.to());
            statement.setBytes(6, range.to());
        } else if (scope instanceof Scope.Keyspaces names) {
            statement.setString(3, NameText.of(names.prefix()));
        }
    }

    private Commits commits(ResultSet answer, Connection connection, long after, long end) throws SQLException {
        List<Event.Committed> events = new ArrayList<>();
        List<KeyChange> changes = new ArrayList<>();
        long revision = after;
        long millis = 0;
        long oldest = 0;
        long newest = 0;
        while (answer.next()) {
            oldest = answer.getLong(1);
            newest = answer.getLong(2);
            long next = answer.getLong(3);
            if (answer.wasNull()) {
                break;
            }
            if (next != revision) {
                add(events, revision, millis, changes);
                changes = new ArrayList<>();
            }
            revision = next;
            millis = answer.getLong(4);
            changes.add(change(answer, connection));
        }
        add(events, revision, millis, changes);
        // Commits are kept a little longer than was asked for; who resumes is not to rely on it.
        long promised = kept.age().isZero() ? newest - kept.revisions() + 1 : 0;
        return new Commits(oldest, Math.max(oldest, promised), Math.min(end, newest), newest, events);
    }

    private static void add(List<Event.Committed> events, long revision, long millis, List<KeyChange> changes) {
        if (!changes.isEmpty()) {
            changes.sort(BY_PLACE);
            events.add(new Event.Committed(revision, millis, changes));
        }
    }

    private KeyChange change(ResultSet answer, Connection connection) throws SQLException {
        return new KeyChange(
                keyspaces.numbered(answer.getInt(5), connection),
                answer.getBytes(6),
                stored(answer, 7),
                stored(answer, 10),
                answer.getBoolean(13));
    }

    private static @Nullable Stored stored(ResultSet answer, int column) throws SQLException {
        byte[] value = answer.getBytes(column);
        return value == null
                ? null
                : new Stored(value, 0, value.length, answer.getLong(column + 1), answer.getLong(column + 2));
    }
}
