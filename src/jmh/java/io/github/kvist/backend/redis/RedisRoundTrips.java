// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.Kvist;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.Operation;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.servers.RedisServer;
import io.github.kvist.servers.Servers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;

/** A get and a put of 100 bytes: through a store, as the same script called bare with the same arguments, and as the plain command, on a server of its own. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
public class RedisRoundTrips {

    private static final int KEYS = 10_000;
    private static final Table<String, byte[]> TABLE = Table.of("t", Keys.string(), Values.bytes());

    private final byte[] value = new byte[100];
    private RedisServer server;
    private KvStore store;
    private TableWriter<String, byte[]> table;
    private RedisClient client;
    private RedisBackend backend;
    private RedisKeyspace keyspace;
    private Condition definition;

    /** A server, and a store with all keys. */
    @Setup(Level.Trial)
    public void start() {
        server = Servers.newRedis();
        store = Kvist.open(server.uri("jmh"), Options.defaults().durability(Durability.MEMORY));
        table = store.in(TABLE);
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(16);
        pool.setMaxIdle(16);
        client = RedisClient.builder()
                .hostAndPort(new HostAndPort("127.0.0.1", server.port()))
                .poolConfig(pool)
                .build();
        backend = (RedisBackend)
                new RedisProvider().open(io.github.kvist.backend.Address.parse(server.uri("jmh")), Options.defaults());
        keyspace = backend.layout().keyspace("t/t");
        for (int i = 0; i < KEYS; i++) {
            table.put("key" + i, value);
            client.set(plain("key" + i), value);
        }
        RedisKeyspace definitions = backend.layout().keyspace("s/definitions");
        definition = new Condition(
                definitions, plain("t"), backend.get(definitions, plain("t")).version());
        try (Connection connection = client.getPool().getResource()) {
            run(connection, get("key0"));
            run(connection, put("key0"));
        }
    }

    private static void run(Connection connection, Request request) {
        connection.sendCommand(Command.EVAL, request.whole());
        connection.getOne();
    }

    /** Ends both. */
    @TearDown(Level.Trial)
    public void stop() {
        client.close();
        backend.close();
        store.close();
        server.close();
    }

    private static String key() {
        return "key" + ThreadLocalRandom.current().nextInt(KEYS);
    }

    private static byte[] plain(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private Request get(String key) {
        return new Request(Script.GET, backend.layout().meta, backend.layout().stream, keyspace.entries())
                .with(backend.time().argument())
                .with(new byte[0])
                .with(plain(key));
    }

    private Request put(String key) {
        Commit commit = new Commit(
                List.of(definition),
                List.of(new Operation.Put(keyspace, plain(key), value, Long.MAX_VALUE)),
                Durability.MEMORY);
        return CommitRequest.of(
                backend.layout(),
                commit,
                backend.time().argument(),
                backend.newVersion(),
                "",
                new Kept(Options.defaults().history(), backend.time()),
                backend::newVersion);
    }

    private Object bare(Request request) {
        try (Connection connection = client.getPool().getResource()) {
            connection.sendCommand(Command.EVALSHA, request.named());
            return connection.getOne();
        }
    }

    /** Of a store. */
    @Benchmark
    public Object getOfKvist() {
        return table.getOrNull(key());
    }

    /** The script alone. */
    @Benchmark
    public Object getByBareScript() {
        return bare(get(key()));
    }

    /** The command. */
    @Benchmark
    public Object getPlain() {
        return client.get(plain(key()));
    }

    /** Of a store. */
    @Benchmark
    public void putOfKvist() {
        table.put(key(), value);
    }

    /** The script alone. */
    @Benchmark
    public Object putByBareScript() {
        return bare(put(key()));
    }

    /** The command. */
    @Benchmark
    public Object putPlain() {
        return client.set(plain(key()), value);
    }
}
