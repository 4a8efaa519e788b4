// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Range;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One watch. It first catches up from the kept revisions, on the consumer's thread and at the consumer's pace; then it is
 * live, and the dispatcher puts commits into its buffer.
 *
 * <p>A commit that finds the buffer full is missed, and so are those behind it until the consumer has been told so.
 */
final class EngineFeed implements Feed {

    private static final int CHECKED_EVERY = 256;
    private static final long NOTHING_LOST = -1;

    private final Head head;
    private final Revisions revisions;
    private final Dispatcher dispatcher;
    private final Keyspaces keyspaces;
    private final Scope scope;
    private final int buffer;

    /** Held by the thread that takes the next event. */
    private final ReentrantLock consumer = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();

    // Touched by the consumer only: what is covered, which is settled before the dispatcher knows the feed; the last
    // event;
    // and what ends being live.
    private long position;
    private long seen;
    private @Nullable Runnable leave;

    // Touched by the dispatcher only: the changes of the commit that it is at.
    private List<KeyChange> gathered = new ArrayList<>();

    // Guarded by the lock.
    private final Queue<Event.Committed> queue = new ArrayDeque<>();
    private long lost = NOTHING_LOST;

    private volatile boolean closed;
    private volatile boolean storeClosed;

    EngineFeed(
            Head head,
            Revisions revisions,
            Dispatcher dispatcher,
            Keyspaces keyspaces,
            Scope scope,
            long after,
            int buffer) {
        this.head = head;
        this.revisions = revisions;
        this.dispatcher = dispatcher;
        this.keyspaces = keyspaces;
        this.scope = scope;
        this.buffer = buffer;
        this.position = after;
        this.seen = after;
    }

    Scope scope() {
        return scope;
    }

    /** Tries to become live from where it is; before anybody else knows the feed, or on the thread that takes events. */
    boolean join() {
        leave = dispatcher.join(this, position);
        return leave != null;
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
                Event event = leave == null ? caughtUp() : taken(end);
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

    /** The next event from the kept revisions; {@code null} if there is none so far, or the feed is live now. */
    private @Nullable Event caughtUp() {
        long visible = head.visible().revision;
        for (int looked = 0; position < visible && looked < CHECKED_EVERY; looked++) {
            Root before = revisions.at(position);
            Root after = revisions.at(position + 1);
            if (before == null || after == null) {
                return trimmed();
            }
            List<KeyChange> changes = changes(before, after);
            Event event = changes.isEmpty() ? null : new Event.Committed(after.revision, after.millis, changes);
            position = after.revision; // only now: nothing can fail any more
            if (event != null) {
                seen = position;
                return event;
            }
        }
        if (position >= visible) {
            boolean unused = join(); // live from now on, unless commits came between
        }
        return null;
    }

    private Event trimmed() {
        long oldest = revisions.oldest().revision;
        Event gap = new Event.Gap(seen, oldest + 1);
        position = oldest;
        return gap;
    }

    private List<KeyChange> changes(Root before, Root after) {
        List<KeyChange> changes = new ArrayList<>();
        if (scope instanceof Range range) {
            EngineKeyspace keyspace = keyspaces.ours(range.keyspace());
            CommitDiff.walk(keyspace, before, after, range.from(), range.to(), changes::add);
        } else {
            Scope.Keyspaces names = (Scope.Keyspaces) scope;
            for (int number = Keyspaces.CATALOGUE + 1; number < after.trees(); number++) {
                if (before.tree(number) != after.tree(number)
                        && keyspaces.numbered(number).name().startsWith(names.prefix())) {
                    CommitDiff.walk(keyspaces.numbered(number), before, after, new byte[0], null, changes::add);
                }
            }
        }
        return changes;
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

    /** Takes a change of the commit that the dispatcher is at. */
    void gather(KeyChange change) {
        gathered.add(change);
    }

    /** The commit that the dispatcher is at has been gathered. */
    void deliver(Root commit) {
        List<KeyChange> changes = gathered;
        gathered = new ArrayList<>(changes.size());
        if (commit.revision <= position) {
            return; // caught up with before it was live
        }
        lock.lock();
        try {
            if (lost != NOTHING_LOST || queue.size() >= buffer) {
                lost = commit.revision;
            } else {
                queue.add(new Event.Committed(commit.revision, commit.millis, changes));
            }
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Commits up to {@code revision} can no longer be told. */
    void lose(long revision) {
        gathered.clear();
        if (revision <= position) {
            return;
        }
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
        if (closed) {
            return;
        }
        closed = true;
        wake();
        consumer.lock(); // nobody waits inside any more
        try {
            Runnable end = leave;
            leave = null;
            if (end != null) {
                end.run();
            }
        } finally {
            consumer.unlock();
        }
    }

    private boolean isOpen() {
        return !closed && !storeClosed;
    }

    private void requireOpen() {
        if (storeClosed) {
            throw Head.closedStore();
        }
        if (closed) {
            throw new KvException.Closed("The watch was closed. Open another, from the revision of the last event.");
        }
    }
}
