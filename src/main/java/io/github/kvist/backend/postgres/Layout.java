// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.KvException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables and functions of a store: made when there are none, brought up to date when they are older. */
final class Layout {

    /** The newest, that of {@code layout-N.sql}. */
    static final int CURRENT = 2;

    private static final int NONE = 0;
    private static final int MAJOR_VERSION_MIN = 12;
    private static final String RIGHT_MISSING = "42501";

    private final SchemaName schema;
    private final String where;

    Layout(SchemaName schema, String where) {
        this.schema = schema;
        this.where = where;
    }

    /**
     * Makes sure that the layout is {@link #CURRENT}. Several processes may do so at once.
     *
     * @throws KvException.UnsupportedFormat if it is newer; nothing was changed
     * @throws KvException.Unsupported if there is none or an older one and nothing may be written, or the server is too old
     */
    void prepare(Connection connection, boolean isReadOnly) throws SQLException {
        int server = connection.getMetaData().getDatabaseMajorVersion();
        if (server < MAJOR_VERSION_MIN) {
            throw new KvException.Unsupported(
                    "%s is PostgreSQL %d. Kvist needs %d or newer.".formatted(where, server, MAJOR_VERSION_MIN));
        }
        if (present(connection) == CURRENT) {
            return;
        }
        if (isReadOnly) {
            throw new KvException.Unsupported(where
                    + " holds no store, or one of an older layout, and was opened read-only. Open it once without"
                    + " Options.readOnly().");
        }
        connection.setAutoCommit(false);
        try {
            migrate(connection);
            connection.commit();
            connection.setAutoCommit(true);
        } catch (Throwable failed) {
            rollback(connection, failed);
            throw failed;
        }
    }

    private static void rollback(Connection connection, Throwable failed) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException lost) {
            failed.addSuppressed(lost);
        }
    }

    private void migrate(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(
                "select pg_advisory_xact_lock(hashtextextended('kvist layout ' || ?, 0))")) {
            lock.setString(1, schema.name());
            lock.execute();
        }
        createSchema(connection);
        // Somebody else may have done it meanwhile.
        for (int version = present(connection) + 1; version <= CURRENT; version++) {
            run(connection, schema.script("layout-" + version + ".sql"));
            run(connection, schema.in("update ${schema}.kvist_meta set layout = " + version));
        }
    }

    private void createSchema(Connection connection) throws SQLException {
        try (PreparedStatement known = connection.prepareStatement("select from pg_namespace where nspname = ?")) {
            known.setString(1, schema.name());
            try (ResultSet answer = known.executeQuery()) {
                if (answer.next()) {
                    return;
                }
            }
        }
        try {
            run(connection, schema.in("create schema ${schema}"));
        } catch (SQLException refused) {
            if (RIGHT_MISSING.equals(refused.getSQLState())) {
                throw new KvException.Unavailable(
                        where + ": there is no schema " + schema.quoted()
                                + ", and the user may not create it. Let an administrator run: create schema "
                                + schema.quoted() + " authorization "
                                + connection.getMetaData().getUserName() + ";",
                        refused);
            }
            throw refused;
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int present(Connection connection) throws SQLException {
        int layout = NONE;
        try (PreparedStatement table = connection.prepareStatement("select to_regclass(?) is not null")) {
            table.setString(1, schema.quoted() + ".kvist_meta");
            try (ResultSet answer = table.executeQuery()) {
                if (!answer.next() || !answer.getBoolean(1)) {
                    return NONE;
                }
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(schema.in("select layout from ${schema}.kvist_meta"))) {
            if (answer.next()) {
                layout = answer.getInt(1);
            }
        }
        if (layout > CURRENT) {
            throw new KvException.UnsupportedFormat(
                    "%s has layout %d; this version of Kvist knows up to %d. Nothing was changed. Use a newer version."
                            .formatted(where, layout, CURRENT));
        }
        return layout;
    }
}
