// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.KvException;
import io.github.kvist.api.Stats;
import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.Range;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Waits for commits at the end of the stream and hands each to the feeds that are live, in order, on one thread with a connection of its
 * own, which lives only while somebody follows. A lost connection loses nothing: the stream is read on from where it was.
 */
final class Tail {

    private static final Duration BLOCK = Duration.ofSeconds(1);
    private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();
    private static final int COMMITS_MAX = 64;

    private final RedisBackend backend;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<RedisFeed> live = new CopyOnWriteArraySet<>();

    // Guarded by the lock.
    private @Nullable Thread thread;
    private long position;

    private volatile Connections.@Nullable Line line;
    private volatile boolean closed;

    Tail(RedisBackend backend) {
        this.backend = backend;
    }

    RedisFeed follow(Scope scope, OptionalLong after, int buffer) {
        if (scope instanceof Range range) {
            backend.layout().ours(range.keyspace());
        }
        long newest = backend.revision();
        long start = after.orElse(newest);
        if (start > newest) {
            throw new IllegalArgumentException("A watch cannot begin after revision " + start + ": the newest is "
                    + newest + ". Use the revision of a snapshot or of an event.");
        }
        RedisFeed feed = new RedisFeed(backend, this, scope, start, buffer);
        if (start == newest) {
            feed.join();
        }
        return feed;
    }

    /** From now on {@code feed} is handed every commit behind {@code reached}; false if some of those were handed out already. */
    boolean join(RedisFeed feed, long reached) {
        lock.lock();
        try {
            if (closed) {
                throw Connections.closed(backend.description());
            }
            if (thread == null) {
                position = reached;
                start();
            } else if (position > reached) {
                return false;
            }
            live.add(feed);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** How many feeds are live, and how many commits wait for the slowest. */
    Stats.Watches stats() {
        int waiting = live.stream().mapToInt(RedisFeed::waiting).max().orElse(0);
        return new Stats.Watches(live.size(), waiting);
    }

    void leave(RedisFeed feed) {
        live.remove(feed);
    }

    private void start() {
        Thread fresh = new Thread(this::run, "kvist-redis-watch");
        fresh.setDaemon(true);
        thread = fresh;
        fresh.start();
    }

    private void run() {
        while (isNeeded()) {
            try {
                hand(next());
            } catch (JedisException | KvException unreachable) {
                dropLine();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        dropLine();
    }

    private boolean isNeeded() {
        lock.lock();
        try {
            boolean isNeeded = !closed && !live.isEmpty();
            if (!isNeeded) {
                thread = null;
            }
            return isNeeded;
        } finally {
            lock.unlock();
        }
    }

    /** Entries of the stream behind the position, waited for a while. */
    private List<?> next() {
        Connections.Line current = line;
        if (current == null) {
            current = backend.calls().connections().connected();
            line = current;
            requireKept();
        }
        current.connection().setSoTimeout((int)
                (2 * BLOCK.toMillis() + backend.calls().limit().millis()));
        current.connection()
                .sendCommand(
                        Command.XREAD,
                        ascii("COUNT"),
                        ascii(Integer.toString(COMMITS_MAX)),
                        ascii("BLOCK"),
                        ascii(Long.toString(BLOCK.toMillis())),
                        ascii("STREAMS"),
                        backend.layout().stream,
                        ascii(Long.toString(position)));
        List<?> answer = (List<?>) current.connection().getOne();
        return answer == null ? List.of() : (List<?>) ((List<?>) answer.get(0)).get(1);
    }

    /** A server that lost its last moments counts them again: then nobody can tell what was missed. */
    private void requireKept() {
        long newest = backend.revision();
        if (newest < position) {
            lose(newest);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void hand(List<?> entries) {
        for (Object entry : entries) {
            CommitEntry commit = CommitEntry.of((List<?>) entry);
            if (commit.revision() != position + 1) {
                lose(commit.revision() - 1);
            }
            lock.lock();
            try {
                position = commit.revision();
                live.forEach(feed -> feed.hand(commit));
            } finally {
                lock.unlock();
            }
        }
    }

    private void lose(long through) {
        lock.lock();
        try {
            position = through;
            live.forEach(feed -> feed.lose(through));
        } finally {
            lock.unlock();
        }
    }

    private void dropLine() {
        Connections.Line current = line;
        line = null;
        if (current != null) {
            backend.calls().connections().drop(current);
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            live.forEach(RedisFeed::storeClosed);
        } finally {
            lock.unlock();
        }
        dropLine();
    }
}
