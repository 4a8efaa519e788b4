// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The way to a server in a test. What has no word of <i>new</i> is one server for the whole run, started by whoever asks first:
 * give it back as it was, in a schema or under a prefix of your own. What is <i>new</i> is the caller's, to break and to close.
 *
 * <p>A server that is not installed skips the test and names the package; with {@code CI=true} in the environment it fails it.
 * All end with the process at the latest.
 */
public final class Servers {

    private static final Shared<PostgresServer> POSTGRES =
            new Shared<>(() -> PostgresServer.start("fsync = off", "synchronous_commit = off", "wal_level = logical"));
    private static final Shared<RedisServer> REDIS = new Shared<>(RedisServer::start);
    private static final Shared<RedisCluster> REDIS_CLUSTER = new Shared<>(RedisCluster::start);

    /** PostgreSQL, without waiting for the disk. */
    public static PostgresServer postgres() {
        return POSTGRES.get();
    }

    /**
     * PostgreSQL with a data directory of its own, durable.
     *
     * @param settings lines of its configuration, such as {@code max_connections = 5}
     */
    public static PostgresServer newPostgres(String... settings) {
        return PostgresServer.start(settings);
    }

    /** Redis, in memory alone. */
    public static RedisServer redis() {
        return REDIS.get();
    }

    /**
     * Redis with a directory of its own, in memory alone.
     *
     * @param settings lines of its configuration, such as {@code appendonly yes}
     */
    public static RedisServer newRedis(String... settings) {
        return RedisServer.start(settings);
    }

    /** Redis that a kill takes nothing from: every write is synced before its reply. */
    public static RedisServer newDurableRedis(String... settings) {
        String[] all = new String[settings.length + 2];
        all[0] = "appendonly yes";
        all[1] = "appendfsync always";
        System.arraycopy(settings, 0, all, 2, settings.length);
        return RedisServer.start(all);
    }

    /** Three Redis servers that share the slots, in memory alone. */
    public static RedisCluster redisCluster() {
        return REDIS_CLUSTER.get();
    }

    /** Ends the test that needs {@code what}, because {@code why}. */
    static RuntimeException missing(String what, String why) {
        String message = what + " cannot be started for this test: " + why;
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(message);
        }
        return Assumptions.abort(message);
    }

    /** A server that is started once. Safe for any thread. */
    private static final class Shared<S> {

        private final Supplier<S> start;
        private @Nullable S server;

        Shared(Supplier<S> start) {
            this.start = start;
        }

        synchronized S get() {
            if (server == null) {
                server = start.get();
            }
            return server;
        }
    }
}
