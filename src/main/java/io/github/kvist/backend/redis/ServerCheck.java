// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Options;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Looks at the server's configuration when a store is opened: what is not there is refused, what loses data is logged. */
final class ServerCheck {

    private static final System.Logger LOG = System.getLogger(ServerCheck.class.getName());

    /** What was logged already: an application that opens many stores on one server is told once. */
    private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

    private ServerCheck() {}

    /**
     * Looks once.
     *
     * @throws IllegalArgumentException if the address speaks of a cluster and there is none
     */
    static void of(Connections connections, RedisSettings settings, Options options) {
        Connections.Line line = connections.connected();
        try {
            Map<String, String> facts = facts(line.connection(), settings.shown());
            if (settings.isCluster() && "standalone".equals(facts.get("redis_mode"))) {
                throw new IllegalArgumentException(
                        settings.shown()
                                + ": several hosts, or cluster=true, are nodes of a cluster, but this server is in none. Name one server alone.");
            }
            if (options.durability() == Durability.SYNC) {
                warn(facts, "Redis at " + settings.hosts());
            }
        } finally {
            connections.drop(line);
        }
    }

    private static Map<String, String> facts(Connection connection, String shown) {
        Map<String, String> facts = new HashMap<>();
        try {
            connection.sendCommand(Command.INFO);
            String info = new String((byte[]) connection.getOne(), StandardCharsets.UTF_8);
            for (String fact : info.split("\r\n", -1)) {
                int colon = fact.indexOf(':');
                if (colon > 0) {
                    facts.put(fact.substring(0, colon), fact.substring(colon + 1));
                }
            }
            connection.sendCommand(Command.CONFIG, "GET", "appendfsync");
            List<?> setting = (List<?>) connection.getOne();
            facts.put("appendfsync", new String((byte[]) setting.get(1), StandardCharsets.US_ASCII));
        } catch (JedisDataException notAllowed) {
            // A managed service does not show it; then nothing is said of it either.
            LOG.log(System.Logger.Level.DEBUG, shown + ": the server does not show its configuration.", notAllowed);
        } catch (JedisException unreachable) {
            throw Failures.unreachable(shown, unreachable);
        }
        return facts;
    }

    private static void warn(Map<String, String> facts, String server) {
        if ("0".equals(facts.get("aof_enabled"))) {
            warn(server
                    + ": a crash of the server may lose commits, because it has no append-only file. Set appendonly yes and"
                    + " appendfsync always, or open the store with Durability.MEMORY.");
        } else if (!"always".equals(facts.getOrDefault("appendfsync", "always"))) {
            warn(server
                    + ": a crash of the machine may lose the commits of the last second or more. Set appendfsync always, or"
                    + " open the store with Durability.OS.");
        }
        if (facts.getOrDefault("maxmemory_policy", "").startsWith("allkeys")) {
            warn(
                    server
                            + ": the server may evict the keys of stores when its memory is full. Set maxmemory-policy noeviction.");
        }
    }

    private static void warn(String message) {
        if (LOGGED.add(message)) {
            LOG.log(System.Logger.Level.WARNING, message);
        }
    }
}
