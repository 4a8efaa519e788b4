// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.KvException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A view in the database for each table of JSON documents, under the name of the table, to be read with SQL. It joins two tables,
 * so that nobody can write through it past the store.
 */
final class TableViews {

    private static final String JSON = "json";
    private static final String OWN_NAMES = "kvist_";
    private static final int NAME_BYTES_MAX = 63;

    /** Keys by their codec; others stay bytes. */
    private static final Map<String, String> KEYS = Map.of(
            "string", "${schema}.kvist_text(e.key)",
            "int32", "${schema}.kvist_int32(e.key)",
            "int64", "${schema}.kvist_int64(e.key)",
            "uuid", "${schema}.kvist_uuid(e.key)");

    private static final String COLUMNS = ", ${schema}.kvist_jsonb(e.value) as value, e.version,"
            + " case when e.deadline < 9223372036854775807 then to_timestamp(e.deadline / 1000.0) end as expires_at"
            + " from ${schema}.kvist_keyspaces k join ${schema}.kvist_entries e on e.keyspace = k.id"
            + " where e.deadline > floor(extract(epoch from clock_timestamp()) * 1000) and k.name = ";

    private final Calls calls;
    private final SchemaName schema;

    /** Tables that this process need not look at again. */
    private final Set<String> done = ConcurrentHashMap.newKeySet();

    TableViews(Calls calls, SchemaName schema) {
        this.calls = calls;
        this.schema = schema;
    }

    /** Makes the view of a table unless it is there; logs why if it cannot. */
    void create(String table, PostgresKeyspace records, String keys, String values) {
        if (!values.equals(JSON)
                || table.startsWith(OWN_NAMES)
                || table.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX
                || !done.add(table)) {
            return;
        }
        try {
            calls.write("making a view", connection -> create(connection, table, records, keys));
        } catch (KvException refused) {
            System.getLogger(TableViews.class.getName())
                    .log(
                            System.Logger.Level.INFO,
                            "There is no view on a table for SQL; the store does not need it.",
                            refused);
        }
    }

    private boolean create(Connection connection, String table, PostgresKeyspace records, String keys)
            throws SQLException {
        String name = new SchemaName(table).quoted();
        if (isThere(connection, name)) {
            return false;
        }
        String key = KEYS.getOrDefault(keys, "e.key");
        try (Statement statement = connection.createStatement()) {
            statement.execute(schema.in("create view ${schema}.")
                    + name
                    + schema.in(" as select " + key + " as key" + COLUMNS)
                    + literal(NameText.of(records.name())));
        }
        return true;
    }

    /** A backslash is one, whatever the server was told of them in literals. */
    private static String literal(String ascii) {
        return '\'' + ascii.replace("'", "''").replace("\\", "' || chr(92) || '") + '\'';
    }

    private boolean isThere(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select to_regclass(?) is not null")) {
            statement.setString(1, schema.quoted() + '.' + name);
            try (ResultSet answer = statement.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }
}
