// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.KeyChange;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One watch. It first catches up from the stream, on the consumer's thread and at the consumer's pace; then it is live, and {@link Tail}
 * puts commits into its buffer. A commit that finds the buffer full is missed, and so are those behind it until the consumer has
 * been told so.
 */
final class RedisFeed implements Feed {

    private static final long NOTHING_LOST = -1;

    private final RedisBackend backend;
    private final Tail tail;
    private final Scope scope;
    private final int buffer;

    /** Held by the thread that takes the next event. */
    private final ReentrantLock consumer = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();

    // Touched by the consumer only: up to where it has caught up, the last event, and whether it is live.
    private final CatchUp catchUp;
    private long seen;
    private boolean isLive;

    // Guarded by the lock.
    private final Queue<Event.Committed> queue = new ArrayDeque<>();
    private long lost = NOTHING_LOST;

    private volatile boolean closed;
    private volatile boolean storeClosed;

    RedisFeed(RedisBackend backend, Tail tail, Scope scope, long after, int buffer) {
        this.backend = backend;
        this.tail = tail;
        this.scope = scope;
        this.buffer = buffer;
        this.catchUp = new CatchUp(backend, after);
        this.seen = after;
    }

    /** Tries to become live from where it is; before anybody else knows the feed, or on the thread that takes events. */
    void join() {
        isLive = tail.join(this, catchUp.position());
    }

    @Override
    public @Nullable Event next(Duration timeout) throws InterruptedException {
        long nanos = nanos(timeout);
        long end = System.nanoTime() + nanos;
        if (!consumer.tryLock(Math.max(0, nanos), TimeUnit.NANOSECONDS)) {
            requireOpen();
            return null;
        }
        try {
            while (true) {
                requireOpen();
                Event event = isLive ? taken(end) : caughtUp();
                if (event != null) {
                    return event;
                }
                if (System.nanoTime() - end >= 0) {
                    return null;
                }
            }
        } finally {
            consumer.unlock();
        }
    }

    private static long nanos(Duration timeout) {
        try {
            return Math.min(timeout.toNanos(), Long.MAX_VALUE / 4);
        } catch (ArithmeticException veryLong) {
            return timeout.isNegative() ? 0 : Long.MAX_VALUE / 4;
        }
    }

    /** The next event from the stream; {@code null} if there is none so far, or the feed is live now. */
    private @Nullable Event caughtUp() {
        CommitEntry commit = catchUp.next();
        if (commit == null) {
            join();
            return null;
        }
        if (catchUp.hasGap()) {
            return new Event.Gap(seen, commit.revision());
        }
        Event.Committed event = event(commit);
        if (event != null) {
            seen = event.revision();
        }
        return event;
    }

    private Event.@Nullable Committed event(CommitEntry commit) {
        List<KeyChange> changes = commit.changes(scope, backend.layout());
        return changes.isEmpty() ? null : new Event.Committed(commit.revision(), commit.millis(), changes);
    }

    /** The next event from the buffer; waits for one until {@code end}. */
    private @Nullable Event taken(long end) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long rest = end - System.nanoTime();
            while (queue.isEmpty() && lost == NOTHING_LOST && rest > 0 && isOpen()) {
                rest = arrived.awaitNanos(rest);
            }
            requireOpen();
            Event.Committed next = queue.poll();
            if (next != null) {
                seen = next.revision();
                return next;
            }
            if (lost == NOTHING_LOST) {
                return null;
            }
            Event gap = new Event.Gap(seen, lost + 1);
            lost = NOTHING_LOST;
            return gap;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next commit of the stream. */
    void hand(CommitEntry commit) {
        if (commit.revision() <= catchUp.position()) {
            return; // caught up with before it was live
        }
        Event.Committed event = event(commit);
        if (event == null) {
            return;
        }
        lock.lock();
        try {
            if (lost != NOTHING_LOST || queue.size() >= buffer) {
                lost = commit.revision();
            } else {
                queue.add(event);
            }
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Commits up to {@code revision} can no longer be told. */
    void lose(long revision) {
        lock.lock();
        try {
            lost = revision;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** How many commits wait for the consumer. */
    int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    void storeClosed() {
        storeClosed = true;
        wake();
    }

    private void wake() {
        lock.lock();
        try {
            queue.clear();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        tail.leave(this);
        wake();
    }

    private boolean isOpen() {
        return !closed && !storeClosed;
    }

    private void requireOpen() {
        if (storeClosed) {
            throw Connections.closed(backend.description());
        }
        if (closed) {
            throw new KvException.Closed("The watch was closed. Open another, from the revision of the last event.");
        }
    }
}
