// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Range;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one consumer follows. It first reads kept commits on the consumer's thread and at its pace; when there is none left it is
 * live: the dispatcher puts commits into its buffer, and what finds it full is missed, until the consumer has been told so.
 */
final class PostgresFeed implements Feed {

    private static final long NOTHING_LOST = -1;

    private final Calls calls;
    private final ChangeReader reader;
    private final Dispatcher dispatcher;
    private final Scope scope;
    private final int buffer;

    /** Held by the thread that takes the next event. */
    private final ReentrantLock consumer = new ReentrantLock();

    // Touched by the consumer only.
    private final Queue<Event> read = new ArrayDeque<>();
    private long seen;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();

    // Guarded by the lock. Up to position everything was read; once live, that is settled.
    private final Queue<Event.Committed> arrivals = new ArrayDeque<>();
    private long position;
    private boolean isLive;
    private long lost = NOTHING_LOST;
    private @Nullable String closed;

    PostgresFeed(Calls calls, ChangeReader reader, Dispatcher dispatcher, Scope scope, long after, int buffer) {
        this.calls = calls;
        this.reader = reader;
        this.dispatcher = dispatcher;
        this.scope = scope;
        this.buffer = buffer;
        this.position = after;
        this.seen = after;
    }

    /** Tries to be live from where it is. */
    void join() {
        // Not under the lock, which the dispatcher takes while it holds its own.
        boolean joined = dispatcher.join(this, position);
        lock.lock();
        try {
            isLive = joined;
            if (closed == null) {
                return;
            }
        } finally {
            lock.unlock();
        }
        dispatcher.leave(this);
    }

    @Override
    public @Nullable Event next(Duration timeout) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout.isNegative() ? Duration.ZERO : timeout);
        if (!consumer.tryLock(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
            requireOpen();
            return null;
        }
        try {
            Event event = nextUntil(deadline);
            if (event instanceof Event.Committed commit) {
                seen = commit.revision();
            }
            return event;
        } finally {
            consumer.unlock();
        }
    }

    private @Nullable Event nextUntil(Deadline deadline) throws InterruptedException {
        do {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            requireOpen();
            Event ready = read.poll();
            if (ready != null) {
                return ready;
            }
            if (isLive()) {
                return taken(deadline);
            }
            readOn();
        } while (!read.isEmpty() || isLive() || !deadline.hasPassed());
        return null;
    }

    private boolean isLive() {
        lock.lock();
        try {
            return isLive;
        } finally {
            lock.unlock();
        }
    }

    /** Reads the next kept commits; behind the last one it is live. */
    private void readOn() {
        long after = position;
        ChangeReader.Commits commits =
                calls.read("reading changes", connection -> reader.after(connection, scope, after));
        if (commits.hasGapForLatecomersAfter(after)) {
            read.add(new Event.Gap(seen, commits.promised()));
            position = commits.promised() - 1;
            return;
        }
        read.addAll(commits.events());
        position = commits.end();
        if (commits.areLast()) {
            join();
        }
    }

    private @Nullable Event taken(Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long rest = deadline.remainingNanos();
            while (arrivals.isEmpty() && lost == NOTHING_LOST && rest > 0 && closed == null) {
                rest = arrived.awaitNanos(rest);
            }
            requireOpen();
            Event next = arrivals.poll();
            if (next == null && lost != NOTHING_LOST) {
                next = new Event.Gap(seen, lost + 1);
                lost = NOTHING_LOST;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Takes from a commit what is followed here. Called by the dispatcher. */
    void deliver(Event.Committed commit) {
        List<KeyChange> followed =
                commit.changes().stream().filter(this::isFollowed).toList();
        lock.lock();
        try {
            if (followed.isEmpty() || commit.revision() <= position) {
                return;
            }
            if (lost != NOTHING_LOST || arrivals.size() >= buffer) {
                lost = commit.revision();
            } else {
                arrivals.add(new Event.Committed(commit.revision(), commit.millis(), followed));
            }
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    private boolean isFollowed(KeyChange change) {
        return scope instanceof Range range
                ? change.keyspace() == range.keyspace() && range.spans(change.key())
                : scope instanceof Scope.Keyspaces names
                        && change.keyspace().name().startsWith(names.prefix());
    }

    /** Commits up to {@code revision} can no longer be told. Called by the dispatcher. */
    void lose(long revision) {
        lock.lock();
        try {
            if (revision > position) {
                lost = revision;
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many commits wait for the consumer. */
    int waiting() {
        lock.lock();
        try {
            return arrivals.size();
        } finally {
            lock.unlock();
        }
    }

    void storeClosed() {
        end("The store was closed. Open it again, and watch from the revision of the last event.");
    }

    private void end(String why) {
        lock.lock();
        try {
            if (closed == null) {
                closed = why;
            }
            arrivals.clear();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        end("The watch was closed. Open another, from the revision of the last event.");
        dispatcher.leave(this);
    }

    private void requireOpen() {
        lock.lock();
        try {
            if (closed != null) {
                throw new KvException.Closed(closed);
            }
        } finally {
            lock.unlock();
        }
    }
}
