// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.backend.Stored;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements that read entries, for one schema. */
final class Reading {

    /** Larger values of a page are fetched one by one, so that no page takes much memory. */
    static final int VALUE_BYTES_OF_PAGE = 32 << 10;

    private static final String SERVER_MILLIS = "floor(extract(epoch from clock_timestamp()) * 1000)::bigint";
    private static final String PRESENT = "(select c.revision, greatest(?, c.at, case when ? then " + SERVER_MILLIS
            + " end) as instant from ${schema}.kvist_commits c order by c.revision desc limit 1)";

    private final String present;
    private final String get;
    private final String getInView;
    private final String getInNewView;
    private final String count;
    private final String forward;
    private final String backward;
    private final String forwardBelow;
    private final String backwardBelow;

    Reading(SchemaName schema) {
        present = schema.in("select p.revision, p.instant from " + PRESENT + " p");
        get = schema.in("select e.value, e.version, e.deadline, case when e.deadline < " + Stored.NEVER
                + " then (select p.instant from " + PRESENT + " p) end"
                + " from ${schema}.kvist_entries e where e.keyspace = ? and e.key = ?");
        getInView = schema.in("select e.value, e.version, e.deadline from ${schema}.kvist_entries e"
                + " where e.keyspace = ? and e.key = ? and e.deadline > ?");
        getInNewView = schema.in("select e.value, e.version, e.deadline, p.revision, p.instant from " + PRESENT + " p"
                + " left join ${schema}.kvist_entries e on e.keyspace = ? and e.key = ? and e.deadline > p.instant");
        count = schema.in("select count(*) from ${schema}.kvist_entries e"
                + " where e.keyspace = ? and e.deadline > ? and e.key >= ? and (?::bytea is null or e.key < ?)");
        forward = schema.in(page("", "asc"));
        backward = schema.in(page("", "desc"));
        forwardBelow = schema.in(page(" and e.key < ?", "asc"));
        backwardBelow = schema.in(page(" and e.key < ?", "desc"));
    }

    private static String page(String below, String direction) {
        return "select e.key, case when octet_length(e.value) <= " + VALUE_BYTES_OF_PAGE
                + " then e.value end, e.version, e.deadline"
                + " from ${schema}.kvist_entries e where e.keyspace = ? and e.deadline > ? and e.key >= ?" + below
                + " order by e.key " + direction + " limit ?";
    }

    /** A revision, and the instant by which it is judged. */
    record Present(long revision, long instant) {}

    Present present(Connection connection, ServerClock clock) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(present)) {
            statement.setLong(1, clock.atLeast());
            statement.setBoolean(2, clock.isServers());
            try (ResultSet answer = statement.executeQuery()) {
                return present(answer, 1, clock);
            }
        }
    }

    private static Present present(ResultSet answer, int column, ServerClock clock) throws SQLException {
        if (!answer.next()) {
            throw new SQLException("the store has no commits", "42P01");
        }
        Present present = new Present(answer.getLong(column), answer.getLong(column + 1));
        clock.told(present.instant);
        return present;
    }

    /** The newest entry of a key. */
    Optional<Stored> get(Connection connection, ServerClock clock, int keyspace, byte[] key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(get)) {
            statement.setLong(1, clock.atLeast());
            statement.setBoolean(2, clock.isServers());
            statement.setInt(3, keyspace);
            statement.setBytes(4, key);
            try (ResultSet answer = statement.executeQuery()) {
                if (!answer.next()) {
                    return Optional.empty();
                }
                Stored entry = stored(answer);
                if (entry.deadline() < Stored.NEVER) {
                    long instant = answer.getLong(4);
                    clock.told(instant);
                    return entry.deadline() > instant ? Optional.of(entry) : Optional.empty();
                }
                return Optional.of(entry);
            }
        }
    }

    Optional<Stored> get(Connection connection, Present present, int keyspace, byte[] key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(getInView)) {
            statement.setInt(1, keyspace);
            statement.setBytes(2, key);
            statement.setLong(3, present.instant);
            try (ResultSet answer = statement.executeQuery()) {
                return answer.next() ? Optional.of(stored(answer)) : Optional.empty();
            }
        }
    }

    /** What the first read of a view brings. */
    record First(Present present, Optional<Stored> entry) {}

    First first(Connection connection, ServerClock clock, int keyspace, byte[] key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(getInNewView)) {
            statement.setLong(1, clock.atLeast());
            statement.setBoolean(2, clock.isServers());
            statement.setInt(3, keyspace);
            statement.setBytes(4, key);
            try (ResultSet answer = statement.executeQuery()) {
                Present present = present(answer, 4, clock);
                return new First(present, answer.getBytes(1) == null ? Optional.empty() : Optional.of(stored(answer)));
            }
        }
    }

    private static Stored stored(ResultSet answer) throws SQLException {
        byte[] value = answer.getBytes(1);
        return new Stored(value, 0, value.length, answer.getLong(2), answer.getLong(3));
    }

    long count(Connection connection, Present present, int keyspace, byte[] from, byte @Nullable [] to)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(count)) {
            statement.setInt(1, keyspace);
            statement.setLong(2, present.instant);
            statement.setBytes(3, from);
            statement.setBytes(4, to);
            statement.setBytes(5, to);
            try (ResultSet answer = statement.executeQuery()) {
                answer.next();
                return answer.getLong(1);
            }
        }
    }

    /** Some entries of a range from its beginning, or from its end. */
    Page page(
            Connection connection,
            Present present,
            int keyspace,
            byte[] from,
            byte @Nullable [] to,
            boolean reverse,
            int limit)
            throws SQLException {
        String sql = to == null ? (reverse ? backward : forward) : (reverse ? backwardBelow : forwardBelow);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int parameter = 1;
            statement.setInt(parameter++, keyspace);
            statement.setLong(parameter++, present.instant);
            statement.setBytes(parameter++, from);
            if (to != null) {
                statement.setBytes(parameter++, to);
            }
            statement.setInt(parameter, limit);
            try (ResultSet answer = statement.executeQuery()) {
                return Page.of(answer, limit);
            }
        }
    }
}
