// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.backend.Keyspace;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Names of keyspaces and their numbers, which never change once they are given. Safe for any number of threads. */
final class Keyspaces {

    private final Map<String, PostgresKeyspace> byName = new ConcurrentHashMap<>();
    private final Map<Integer, PostgresKeyspace> byId = new ConcurrentHashMap<>();
    private final String find;
    private final String create;
    private final String list;

    Keyspaces(SchemaName schema) {
        find = schema.in("select id from ${schema}.kvist_keyspaces where name = ?");
        create = schema.in("select ${schema}.kvist_keyspace(?)");
        list = schema.in("select id, name from ${schema}.kvist_keyspaces");
    }

    PostgresKeyspace named(String name) {
        PostgresKeyspace present = byName.get(name);
        return present != null ? present : byName.computeIfAbsent(name, PostgresKeyspace::new);
    }

    /**
     * Ours, whoever made the handle.
     *
     * @throws IllegalArgumentException if it is one of another system
     */
    PostgresKeyspace ours(Keyspace keyspace) {
        if (keyspace instanceof PostgresKeyspace given && byName.get(given.name()) == given) {
            return given;
        }
        throw new IllegalArgumentException(
                "Keyspace " + keyspace.name() + " is of another backend. Ask this one for keyspace(name).");
    }

    /** Whether the server knows the keyspace, as far as {@code connection} sees. */
    boolean isKnown(PostgresKeyspace keyspace, Connection connection) throws SQLException {
        return keyspace.isKnown() || asked(keyspace, find, connection);
    }

    /** Makes it known to the server. */
    void create(PostgresKeyspace keyspace, Connection connection) throws SQLException {
        if (!isKnown(keyspace, connection)) {
            asked(keyspace, create, connection);
        }
    }

    private boolean asked(PostgresKeyspace keyspace, String sql, Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, NameText.of(keyspace.name()));
            try (ResultSet answer = statement.executeQuery()) {
                return answer.next() && note(keyspace, answer.getInt(1));
            }
        }
    }

    private boolean note(PostgresKeyspace keyspace, int id) {
        keyspace.id(id);
        byId.put(id, keyspace);
        return true;
    }

    /** The keyspace of a number that the server gave out. */
    PostgresKeyspace numbered(int id, Connection connection) throws SQLException {
        PostgresKeyspace present = byId.get(id);
        if (present != null) {
            return present;
        }
        try (PreparedStatement statement = connection.prepareStatement(list);
                ResultSet answer = statement.executeQuery()) {
            while (answer.next()) {
                note(named(NameText.name(answer.getString(2))), answer.getInt(1));
            }
        }
        PostgresKeyspace listed = byId.get(id);
        if (listed == null) {
            throw new SQLException("the server has no keyspace " + id, "XX001");
        }
        return listed;
    }
}
