// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.backend.Figures;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** How large a store is; found by reading all of it. */
final class Sizes {

    private final String keyspaces;
    private final String changes;

    Sizes(SchemaName schema) {
        keyspaces = schema.in("select k.name, count(e.key), count(e.key) filter (where e.deadline <= ?),"
                + " coalesce(sum(octet_length(e.key) + octet_length(e.value)), 0)"
                + " from ${schema}.kvist_keyspaces k left join ${schema}.kvist_entries e on e.keyspace = k.id"
                + " group by k.name order by k.name");
        changes = "select pg_total_relation_size((?::text)::regclass)";
    }

    List<Figures.Size> ofKeyspaces(Connection connection, long instant) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(keyspaces)) {
            statement.setLong(1, instant);
            try (ResultSet answer = statement.executeQuery()) {
                List<Figures.Size> sizes = new ArrayList<>();
                while (answer.next()) {
                    sizes.add(new Figures.Size(
                            NameText.name(answer.getString(1)),
                            answer.getLong(2),
                            answer.getLong(3),
                            answer.getLong(4)));
                }
                return sizes;
            }
        }
    }

    /** On the server's disk. */
    long ofChanges(Connection connection, SchemaName schema) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(changes)) {
            statement.setString(1, schema.in("${schema}.kvist_commits"));
            try (ResultSet answer = statement.executeQuery()) {
                answer.next();
                return answer.getLong(1);
            }
        }
    }
}
