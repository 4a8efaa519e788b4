// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.Options;
import io.github.kvist.backend.Stored;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.LockSupport;

/**
 * What is done and asked once, when a store is opened.
 *
 * @param client the number of this process
 */
record Opening(long revision, long earliestDeadline, int client) {

    /** Who only reads draws numbers that nobody else sees. */
    private static final int READER = 0;

    private static final long PAUSE_NANOS = 20_000_000;

    /**
     * Prepares the layout, and looks. A connection that breaks, or a server that is starting, is tried again within the timeout; one
     * that cannot be reached is not.
     */
    static Opening of(Connections connections, SchemaName schema, Options options, String where, ServerClock clock) {
        Deadline deadline = Deadline.after(options.timeout());
        while (true) {
            boolean isConnected = false;
            try (Connection connection = connections.unpooled(deadline)) {
                isConnected = true;
                return on(connection, schema, options, where, clock);
            } catch (SQLException failed) {
                boolean again = Failures.isStarting(failed) || (isConnected && Failures.isLost(failed));
                if (!again || !deadline.allowsAnotherTry()) {
                    throw Failures.of("opening the store", where, failed);
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static Opening on(
            Connection connection, SchemaName schema, Options options, String where, ServerClock clock)
            throws SQLException {
        new Layout(schema, where).prepare(connection, options.isReadOnly());
        long revision = new Reading(schema).present(connection, clock).revision();
        int client = options.isReadOnly() ? READER : nextClient(connection, schema);
        return new Opening(revision, earliestDeadline(connection, schema), client);
    }

    /** A number that no other process ever gets. */
    static int nextClient(Connection connection, SchemaName schema) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select nextval((?::text)::regclass)")) {
            statement.setString(1, schema.in("${schema}.kvist_clients"));
            try (ResultSet answer = statement.executeQuery()) {
                answer.next();
                return answer.getInt(1);
            }
        }
    }

    /** A number that no other process ever gets, above {@code least}; so are all later ones. */
    static int nextClientAbove(int least, Connection connection, SchemaName schema) throws SQLException {
        String raise =
                schema.in("select setval((?::text)::regclass, ?) from ${schema}.kvist_clients where last_value < ?");
        try (PreparedStatement statement = connection.prepareStatement(raise)) {
            statement.setString(1, schema.in("${schema}.kvist_clients"));
            statement.setLong(2, least);
            statement.setLong(3, least);
            statement.executeQuery().close();
        }
        return nextClient(connection, schema);
    }

    private static long earliestDeadline(Connection connection, SchemaName schema) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer =
                        statement.executeQuery(schema.in("select min(e.deadline) from ${schema}.kvist_entries e"
                                + " where e.deadline < " + Stored.NEVER))) {
            answer.next();
            long earliest = answer.getLong(1);
            return answer.wasNull() ? Stored.NEVER : earliest;
        }
    }
}
