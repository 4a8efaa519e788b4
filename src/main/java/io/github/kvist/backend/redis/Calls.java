// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.KvException;
import java.time.Duration;
import java.util.List;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** Runs scripts in the server, wherever it is, within the time limit. Safe for any number of threads. */
final class Calls {

    private final Connections connections;
    private final Duration timeout;
    private final String description;

    Calls(Connections connections, Duration timeout, String description) {
        this.connections = connections;
        this.timeout = timeout;
        this.description = description;
    }

    String description() {
        return description;
    }

    Connections connections() {
        return connections;
    }

    TimeLimit limit() {
        return new TimeLimit(timeout);
    }

    /**
     * Runs what can be run twice, and answers a list.
     *
     * @throws KvException as the server's refusal is to be understood
     */
    List<?> list(Request request) {
        return (List<?>) answer(request);
    }

    /** As {@link #list}, whatever the answer is. */
    Object answer(Request request) {
        TimeLimit limit = limit();
        boolean isRepeated = false;
        while (true) {
            try {
                return attempt(request, limit);
            } catch (JedisConnectionException lost) {
                connections.renew();
                if (isRepeated || limit.isOver()) {
                    throw Failures.unreachable(description, lost);
                }
                isRepeated = true; // a connection that waited in the pool may have been dead for long
            } catch (JedisException refused) {
                throw Failures.of(description, refused);
            }
        }
    }

    /**
     * Runs a script, perhaps after it was told where, or that it cannot be run just now.
     *
     * @throws JedisConnectionException if the connection was lost: it may have run
     * @throws JedisDataException if the server refuses it: it has not run
     * @throws KvException.Unavailable if nothing could be sent
     */
    Object attempt(Request request, TimeLimit limit) {
        boolean isKnown = true;
        while (true) {
            Connections.Line line = connections.take(limit);
            try {
                return execute(line.connection(), request, isKnown, limit);
            } catch (JedisNoScriptException unknown) {
                isKnown = false;
            } catch (JedisMovedDataException moved) {
                requireTime(moved, limit);
                connections.follow(moved.getTargetNode());
            } catch (JedisAskDataException asked) {
                requireTime(asked, limit);
                return askElsewhere(asked, request, limit);
            } catch (JedisDataException refused) {
                requireTime(refused, limit);
                if (!Failures.isPassing(refused)) {
                    throw refused;
                }
                limit.pause();
            } finally {
                connections.give(line);
            }
        }
    }

    private static Object execute(Connection connection, Request request, boolean isKnown, TimeLimit limit) {
        connection.setSoTimeout(limit.millis());
        connection.sendCommand(isKnown ? Command.EVALSHA : Command.EVAL, isKnown ? request.named() : request.whole());
        return connection.getOne();
    }

    /** While a slot moves, its old node asks for single calls to the new one. */
    private Object askElsewhere(JedisAskDataException asked, Request request, TimeLimit limit) {
        try (Connection connection = connections.aside(asked.getTargetNode())) {
            connection.setSoTimeout(limit.millis());
            connection.sendCommand(Command.ASKING);
            connection.getOne();
            return execute(connection, request, false, limit);
        }
    }

    private static void requireTime(JedisDataException refused, TimeLimit limit) {
        if (limit.isOver()) {
            throw refused;
        }
    }
}
