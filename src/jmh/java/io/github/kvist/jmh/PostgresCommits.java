// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.Kvist;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.postgres.PostgresBackend;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.servers.PostgresServer;
import io.github.kvist.servers.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Commits in a PostgreSQL of its own that waits for the disk: by Kvist, by the function that Kvist calls, with the same arguments,
 * and by the plainest statement that stores a key and a value, each statement prepared and kept on a connection for each thread.
 * Gets by the like: Kvist, its statement, the plainest one.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 4, time = 2)
@Fork(1)
public class PostgresCommits {

    private static final String SCHEMA = "measured";
    private static final int KEYS = 10_000;
    private static final int BATCH = 100;
    private static final int VALUE_LENGTH = 100;
    private static final Table<Long, byte[]> RECORDS = Table.of("records", Keys.int64(), Values.bytes());

    /** Who commits. */
    public enum Way {
        PLAIN,
        FUNCTION,
        BACKEND,
        STORE
    }

    @Param
    public Way way;

    private final byte[][] values = values();
    private PostgresServer server;
    private Backend backend;
    private KvStore store;
    private Keyspace keyspace;
    private int keyspaceId;
    private int definitionKeyspaceId;
    private byte[] definitionKey;
    private long definitionVersion;

    @Setup
    public void setUp() throws SQLException {
        server = Servers.newPostgres();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table plain (key bytea primary key, value bytea not null)");
            for (long key = 0; key < KEYS; key++) {
                plain(connection, key);
            }
        }
        backend = PostgresBackend.of(pool(), SCHEMA, Options.defaults());
        store = Kvist.open(backend, Options.defaults());
        for (long key = 0; key < KEYS; key++) {
            store.in(RECORDS).put(key, value());
        }
        keyspace = backend.keyspace("t/records");
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var answer = statement.executeQuery(
                        "select measured.kvist_keyspace('t/records'), e.keyspace, e.key, e.version from"
                                + " measured.kvist_keyspaces k join measured.kvist_entries e on e.keyspace = k.id"
                                + " where k.name = 's/definitions'")) {
            answer.next();
            keyspaceId = answer.getInt(1);
            definitionKeyspaceId = answer.getInt(2);
            definitionKey = answer.getBytes(3);
            definitionVersion = answer.getLong(4);
        }
    }

    private void plain(Connection connection, long key) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into plain values (?, ?)")) {
            insert.setBytes(1, Keys.int64().encode(key));
            insert.setBytes(2, value());
            insert.executeUpdate();
        }
    }

    /** Each differs, as what applications store does: a server writes less when it stores what was there. */
    private static byte[][] values() {
        byte[][] values = new byte[KEYS][VALUE_LENGTH];
        Random random = new Random(1);
        for (byte[] value : values) {
            random.nextBytes(value);
        }
        return values;
    }

    private byte[] value() {
        return values[ThreadLocalRandom.current().nextInt(KEYS)];
    }

    private DataSource pool() {
        com.zaxxer.hikari.HikariConfig config = new com.zaxxer.hikari.HikariConfig();
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(server.jdbcUrl());
        source.setPrepareThreshold(1);
        config.setDataSource(source);
        config.setMaximumPoolSize(8);
        config.setConnectionInitSql(PostgresBackend.SESSION_SETTINGS);
        return new com.zaxxer.hikari.HikariDataSource(config);
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl() + "&prepareThreshold=1");
    }

    @TearDown
    public void tearDown() {
        store.close();
        server.close();
    }

    /** The connection and statements of one thread. */
    @State(Scope.Thread)
    public static class Line {
        private Connection connection;
        private PreparedStatement plain;
        private PreparedStatement plainBatch;
        private PreparedStatement function;
        private PreparedStatement plainGet;
        private PreparedStatement functionGet;
        private long id = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2);

        @Setup
        public void open(PostgresCommits bench) throws SQLException {
            connection = bench.connect();
            plain = connection.prepareStatement(
                    "insert into plain values (?, ?) on conflict (key) do update" + " set value = excluded.value");
            plainBatch = connection.prepareStatement("insert into plain select * from unnest(?::bytea[], ?::bytea[])"
                    + " on conflict (key) do update set value = excluded.value");
            try (Statement settings = connection.createStatement()) {
                settings.execute(PostgresBackend.SESSION_SETTINGS);
            }
            function = connection.prepareStatement(
                    "select (put.row).result, (put.row).instant from"
                            + " (select measured.kvist_put(0, true, true, 100000, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?) as row offset 0) put");
            function.setInt(2, bench.definitionKeyspaceId);
            function.setBytes(3, bench.definitionKey);
            function.setLong(4, bench.definitionVersion);
            function.setInt(5, bench.keyspaceId);
            function.setLong(9, Stored.NEVER);
            plainGet = connection.prepareStatement("select value from plain where key = ?");
            functionGet = connection.prepareStatement("select e.value, e.version, e.deadline,"
                    + " case when e.deadline < 9223372036854775807 then (select p.instant from (select c.revision,"
                    + " greatest(?, c.at, case when ? then floor(extract(epoch from clock_timestamp()) * 1000)::bigint end)"
                    + " as instant from measured.kvist_commits c order by c.revision desc limit 1) p) end"
                    + " from measured.kvist_entries e where e.keyspace = ? and e.key = ?");
            functionGet.setLong(1, 0);
            functionGet.setBoolean(2, true);
            functionGet.setInt(3, bench.keyspaceId);
        }

        @TearDown
        public void close() throws SQLException {
            connection.close();
        }

        private void call(byte[][] keys, byte[][] values) throws SQLException {
            long[] numbers = new long[keys.length];
            for (int i = 0; i < keys.length; i++) {
                numbers[i] = id + i;
            }
            function.setLong(1, id++);
            function.setObject(6, keys);
            function.setObject(7, values);
            function.setObject(8, numbers);
            try (ResultSet answer = function.executeQuery()) {
                answer.next();
                if (answer.getLong(1) <= 0) {
                    throw new IllegalStateException("refused");
                }
            }
        }

        private static byte[] got(PreparedStatement get, int parameter, byte[] key) throws SQLException {
            get.setBytes(parameter, key);
            try (ResultSet answer = get.executeQuery()) {
                answer.next();
                return answer.getBytes(1);
            }
        }
    }

    private static byte[] key() {
        return Keys.int64().encode((long) ThreadLocalRandom.current().nextInt(KEYS));
    }

    private long put(Line line) throws SQLException {
        switch (way) {
            case PLAIN -> {
                line.plain.setBytes(1, key());
                line.plain.setBytes(2, value());
                line.plain.executeUpdate();
            }
            case FUNCTION -> line.call(new byte[][] {key()}, new byte[][] {value()});
            case BACKEND ->
                backend.commit(new Commit(
                        List.of(),
                        List.of(new Operation.Put(keyspace, key(), value(), Stored.NEVER)),
                        Durability.SYNC));
            case STORE ->
                store.in(RECORDS).put((long) ThreadLocalRandom.current().nextInt(KEYS), value());
        }
        return line.id;
    }

    @Benchmark
    @Threads(1)
    public long oneWriter(Line line) throws SQLException {
        return put(line);
    }

    @Benchmark
    @Threads(16)
    public long sixteenWriters(Line line) throws SQLException {
        return put(line);
    }

    /** Of {@value #BATCH} puts each. */
    @Benchmark
    @Threads(1)
    public long batches(Line line) throws SQLException {
        long first = ThreadLocalRandom.current().nextInt(KEYS - BATCH);
        switch (way) {
            case PLAIN -> {
                line.plainBatch.setObject(1, keys(first));
                line.plainBatch.setObject(2, batchOfValues());
                line.plainBatch.executeUpdate();
            }
            case FUNCTION -> line.call(keys(first), batchOfValues());
            case BACKEND -> {
                List<Operation> puts = new ArrayList<>();
                for (byte[] key : keys(first)) {
                    puts.add(new Operation.Put(keyspace, key, value(), Stored.NEVER));
                }
                backend.commit(new Commit(List.of(), puts, Durability.SYNC));
            }
            case STORE ->
                store.update(tx -> {
                    for (int i = 0; i < BATCH; i++) {
                        tx.in(RECORDS).put(first + i, value());
                    }
                });
        }
        return first;
    }

    private static byte[][] keys(long first) {
        byte[][] keys = new byte[BATCH][];
        for (int i = 0; i < BATCH; i++) {
            keys[i] = Keys.int64().encode(first + i);
        }
        return keys;
    }

    private byte[][] batchOfValues() {
        byte[][] batch = new byte[BATCH][];
        for (int i = 0; i < BATCH; i++) {
            batch[i] = value();
        }
        return batch;
    }

    private Object get(Line line) throws SQLException {
        return switch (way) {
            case PLAIN -> Line.got(line.plainGet, 1, key());
            case FUNCTION -> Line.got(line.functionGet, 4, key());
            case BACKEND -> backend.get(keyspace, key());
            case STORE ->
                store.in(RECORDS).get((long) ThreadLocalRandom.current().nextInt(KEYS));
        };
    }

    @Benchmark
    @Threads(1)
    public Object oneReader(Line line) throws SQLException {
        return get(line);
    }

    @Benchmark
    @Threads(16)
    public Object sixteenReaders(Line line) throws SQLException {
        return get(line);
    }
}
