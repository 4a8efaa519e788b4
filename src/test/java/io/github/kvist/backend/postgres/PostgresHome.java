// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.servers.Servers;
import io.github.kvist.testkit.StoreHome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A schema of its own on the shared server, over one pool for all tests. */
final class PostgresHome implements StoreHome {

    private static final AtomicInteger SCHEMAS = new AtomicInteger();
    private static final int CONNECTIONS = 40;
    private static final String DEADLOCK = "40P01";

    final String schema;

    PostgresHome() {
        this("store_" + SCHEMAS.incrementAndGet());
    }

    PostgresHome(String schema) {
        this.schema = schema;
    }

    private static final class Pool {
        static final HikariDataSource SHARED = open();

        private static HikariDataSource open() {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(Servers.postgres().jdbcUrl());
            config.setMaximumPoolSize(CONNECTIONS);
            config.setMinimumIdle(1);
            config.setConnectionInitSql(PostgresBackend.SESSION_SETTINGS);
            return new HikariDataSource(config);
        }
    }

    static DataSource pool() {
        return Pool.SHARED;
    }

    @Override
    public KvStore open(Options options) {
        PostgresBackend backend = backend(options);
        try {
            return Kvist.open(backend, options);
        } catch (Throwable refused) {
            backend.close();
            throw refused;
        }
    }

    PostgresBackend backend(Options options) {
        return PostgresBackend.of(pool(), schema, options);
    }

    /** Runs SQL that may say {@code ${schema}}, as an administrator of the database would. */
    void run(String sql) {
        rows(sql);
    }

    /** The first column of an answer, as text. */
    List<String> rows(String sql) {
        try (Connection connection = pool().getConnection();
                Statement statement = connection.createStatement()) {
            List<String> rows = new ArrayList<>();
            if (statement.execute(new SchemaName(schema).in(sql))) {
                ResultSet answer = statement.getResultSet();
                while (answer.next()) {
                    rows.add(answer.getString(1));
                }
            }
            return rows;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    @Override
    public void close() {
        while (!isDropped()) {
            // A statement of the closed store was still being answered.
        }
    }

    private boolean isDropped() {
        try {
            run("drop schema if exists ${schema} cascade");
            return true;
        } catch (IllegalStateException failed) {
            if (failed.getCause() instanceof SQLException cause && DEADLOCK.equals(cause.getSQLState())) {
                return false;
            }
            throw failed;
        }
    }
}
