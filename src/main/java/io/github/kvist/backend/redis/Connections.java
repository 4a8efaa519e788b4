// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.KvException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Connections to the server that has the store, at most so many at a time. In a cluster that is the node of the store's one slot; it may
 * become another, which any node tells. Safe for any number of threads.
 */
final class Connections implements AutoCloseable {

    private final List<HostAndPort> seeds;
    private final JedisClientConfig config;
    private final String description;
    private final Semaphore free;
    private final Deque<Line> idle = new ConcurrentLinkedDeque<>();

    private volatile HostAndPort server;
    /** Connections of an earlier one are not used again. */
    private final AtomicInteger generation = new AtomicInteger();

    private volatile boolean closed;

    /** One connection, which belongs to a thread for one call. */
    static final class Line {
        private final Connection connection;
        private final int generation;

        Line(Connection connection, int generation) {
            this.connection = connection;
            this.generation = generation;
        }

        Connection connection() {
            return connection;
        }
    }

    Connections(List<HostAndPort> seeds, JedisClientConfig config, int size, String description) {
        this.seeds = seeds;
        this.config = config;
        this.description = description;
        this.free = new Semaphore(size);
        this.server = seeds.get(0);
    }

    /**
     * One that nobody else uses until it is {@linkplain #give given} back.
     *
     * @throws KvException.Unavailable if there is none in time; nothing was sent
     */
    Line take(TimeLimit limit) {
        requireOpen();
        if (!acquire(limit)) {
            throw new KvException.Unavailable(
                    description
                            + ": all connections were busy for the whole time limit. Allow more of them with the parameter connections.",
                    null);
        }
        try {
            Line line = idle.pollFirst();
            return line != null ? line : connected();
        } catch (Throwable failed) {
            free.release();
            throw failed;
        }
    }

    private boolean acquire(TimeLimit limit) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return free.tryAcquire(limit.nanos(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void give(Line line) {
        if (closed || line.generation != generation.get() || line.connection.isBroken()) {
            drop(line);
        } else {
            idle.addFirst(line);
            if (closed) {
                dropIdle();
            }
        }
        free.release();
    }

    /** One more, beside those that are counted; {@link #drop} ends it. */
    Line connected() {
        requireOpen();
        int current = generation.get();
        JedisException failure = null;
        for (HostAndPort candidate : candidates()) {
            try {
                Line line = new Line(new Connection(candidate, config), current);
                server = candidate;
                return line;
            } catch (JedisException unreachable) {
                failure = failure == null ? unreachable : failure;
            }
        }
        throw Failures.unreachable(description, failure);
    }

    private List<HostAndPort> candidates() {
        List<HostAndPort> candidates = new ArrayList<>(List.of(server));
        seeds.stream().filter(seed -> !candidates.contains(seed)).forEach(candidates::add);
        return candidates;
    }

    /** To a server that is named only for one call. */
    Connection aside(HostAndPort elsewhere) {
        return new Connection(elsewhere, config);
    }

    /** The store is on another server. */
    void follow(HostAndPort elsewhere) {
        server = elsewhere;
        renew();
    }

    /** One connection broke: those to the same server are no better. */
    void renew() {
        generation.incrementAndGet();
        dropIdle();
    }

    private void dropIdle() {
        for (Line line = idle.pollFirst(); line != null; line = idle.pollFirst()) {
            drop(line);
        }
    }

    void drop(Line line) {
        try {
            line.connection.disconnect();
        } catch (JedisException alreadyBroken) {
            // It is of no use any more, which is all that was wanted.
            line.connection.setBroken();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw closed(description);
        }
    }

    static KvException.Closed closed(String description) {
        return new KvException.Closed(description + ": the store was closed. Open it again.");
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        dropIdle();
    }
}
