// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * Connections for three uses that must not starve one another: views, each of which holds one while it is open; single reads; and
 * commits. Those of a data source of the application's own come from that one for all three.
 */
final class Connections implements AutoCloseable {

    private static final int COMMITTING = 2;
    private static final long SHORTEST_MILLIS = 250;
    private static final long VALIDATION_MILLIS_MAX = 5_000;

    private final DataSource source;
    private final DataSource views;
    private final DataSource reads;
    private final DataSource commits;
    private final boolean arePooledHere;
    private final List<HikariDataSource> pools;

    /** From a data source of the application's, which stays open. */
    Connections(DataSource source) {
        this.source = source;
        this.views = source;
        this.reads = source;
        this.commits = source;
        this.arePooledHere = false;
        this.pools = List.of();
    }

    /** From pools of our own over a plain data source. */
    Connections(DataSource source, int snapshots, int readers, Duration timeout) {
        HikariDataSource viewing = pool("views", source, snapshots, timeout, false);
        HikariDataSource reading = pool("reads", source, readers, timeout, true);
        HikariDataSource committing = pool("commits", source, COMMITTING, timeout, true);
        this.source = source;
        this.views = viewing;
        this.reads = reading;
        this.commits = committing;
        this.arePooledHere = true;
        this.pools = List.of(viewing, reading, committing);
    }

    private static HikariDataSource pool(
            String name, DataSource source, int size, Duration timeout, boolean autoCommit) {
        long millis = Math.max(SHORTEST_MILLIS, Math.min(Integer.MAX_VALUE, timeout.toMillis()));
        HikariConfig config = new HikariConfig();
        config.setPoolName("kvist-postgres-" + name);
        config.setDataSource(source);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(millis);
        config.setValidationTimeout(Math.max(SHORTEST_MILLIS, Math.min(VALIDATION_MILLIS_MAX, millis / 4)));
        config.setInitializationFailTimeout(-1);
        config.setAutoCommit(autoCommit);
        config.setReadOnly(!autoCommit);
        config.setTransactionIsolation(autoCommit ? "TRANSACTION_READ_COMMITTED" : "TRANSACTION_REPEATABLE_READ");
        config.setIsolateInternalQueries(true);
        config.setConnectionInitSql(PostgresBackend.SESSION_SETTINGS
                + "; set statement_timeout = %1$d; set lock_timeout = %1$d".formatted(millis));
        config.setConnectionTestQuery(
                "select 1"); // its time is limited to the millisecond, that of isValid to the second
        // Connects when it is asked for the first time.
        HikariDataSource pool = new HikariDataSource();
        config.copyStateTo(pool);
        return pool;
    }

    /** One that reads a single state of the database from its first statement on, to be given back by {@link #end}. */
    Connection forView(Deadline deadline) throws SQLException {
        Connection connection = views.getConnection();
        try {
            if (!arePooledHere) {
                connection.setAutoCommit(false);
                connection.setReadOnly(true);
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            }
            limit(connection, deadline);
            return connection;
        } catch (Throwable failed) {
            connection.close();
            throw failed;
        }
    }

    void end(Connection view) throws SQLException {
        try (view) {
            view.rollback();
            if (!arePooledHere) {
                view.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                view.setReadOnly(false);
                view.setAutoCommit(true);
            }
        }
    }

    /** One on which each statement is a transaction of its own. */
    Connection forRead(Deadline deadline) throws SQLException {
        return plain(reads, deadline);
    }

    Connection forCommit(Deadline deadline) throws SQLException {
        return plain(commits, deadline);
    }

    /** One that waits in no queue and belongs to the caller. */
    Connection unpooled(Deadline deadline) throws SQLException {
        return plain(source, deadline);
    }

    private static Connection plain(DataSource source, Deadline deadline) throws SQLException {
        Connection connection = source.getConnection();
        try {
            if (!connection.getAutoCommit()) {
                connection.setAutoCommit(true);
            }
            limit(connection, deadline);
            return connection;
        } catch (Throwable failed) {
            connection.close();
            throw failed;
        }
    }

    /** Lets an answer that does not come by then end as a lost connection. */
    static void limit(Connection connection, Deadline deadline) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, deadline.remainingMillis());
    }

    @Override
    public void close() {
        pools.forEach(HikariDataSource::close);
    }
}
