// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * SQLite: one table {@code WITHOUT ROWID}, prepared statements, a write-ahead log for files, synced in full where every commit
 * has to last. One connection, taken in turns.
 */
final class SqliteContender implements Contender {
    private final Connection connection;
    private final PreparedStatement select;
    private final PreparedStatement upsert;
    private final PreparedStatement swap;
    private final PreparedStatement range;
    private final PreparedStatement all;

    SqliteContender(Home home, Path directory) throws SQLException {
        String place = home == Home.MEMORY
                ? ":memory:"
                : directory.resolve("sqlite.db").toString();
        connection = DriverManager.getConnection("jdbc:sqlite:" + place);
        try (Statement statement = connection.createStatement()) {
            if (home != Home.MEMORY) {
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA mmap_size = 4294967296");
            }
            statement.execute("PRAGMA synchronous = " + (home == Home.SYNCED ? "FULL" : "OFF"));
            statement.execute("PRAGMA cache_size = -1000000");
            statement.execute("CREATE TABLE IF NOT EXISTS entries (k BLOB PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID");
        }
        select = connection.prepareStatement("SELECT v FROM entries WHERE k = ?");
        upsert = connection.prepareStatement(
                "INSERT INTO entries VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v");
        swap = connection.prepareStatement("UPDATE entries SET v = ? WHERE k = ? AND v = ?");
        range = connection.prepareStatement("SELECT v, k FROM entries WHERE k >= ? ORDER BY k LIMIT ?");
        all = connection.prepareStatement("SELECT v, k FROM entries ORDER BY k LIMIT ?");
    }

    @Override
    public synchronized long get(byte[] key) throws SQLException {
        byte[] value = find(key);
        return value == null ? ABSENT : Digest.of(value);
    }

    private byte @Nullable [] find(byte[] key) throws SQLException {
        select.setBytes(1, key);
        try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? rows.getBytes(1) : null;
        }
    }

    @Override
    public synchronized void put(byte[] key, byte[] value) throws SQLException {
        upsert.setBytes(1, key);
        upsert.setBytes(2, value);
        upsert.executeUpdate();
    }

    @Override
    public synchronized boolean compareAndSet(byte[] key, byte[] value) throws SQLException {
        byte[] old = find(key);
        if (old == null) {
            return false;
        }
        swap.setBytes(1, value);
        swap.setBytes(2, key);
        swap.setBytes(3, old);
        return swap.executeUpdate() == 1;
    }

    @Override
    public synchronized void load(Entries entries) throws SQLException {
        connection.setAutoCommit(false);
        for (int i = 0; i < entries.size(); i++) {
            put(entries.key(i), entries.value(i));
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    @Override
    public synchronized long scan(byte @Nullable [] from, int limit, Part part) throws SQLException {
        PreparedStatement statement = from == null ? all : range;
        if (from != null) {
            range.setBytes(1, from);
        }
        statement.setInt(from == null ? 1 : 2, limit);
        long sum = 0;
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                if (part == Part.KEYS_AND_VALUES) {
                    sum = Digest.and(sum, Digest.of(rows.getBytes(2)));
                }
                sum = Digest.and(sum, Digest.of(rows.getBytes(1)));
            }
        }
        return sum;
    }

    @Override
    public synchronized void close() throws SQLException {
        connection.close();
    }
}
