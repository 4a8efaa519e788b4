// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Stats;
import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.Range;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tells watches what commits changed, beside the commits, on a thread that lives only while somebody watches.
 *
 * <p>It follows the visible root from one kept revision to the next. A commit does no more than to wake it, and only if it
 * sleeps.
 */
final class Dispatcher {

    /** Commits told at a stretch, before anybody else gets at the subscriptions. */
    private static final int STRETCH = 256;

    /** Before it sleeps it looks once more after so long, so that busy writers seldom have to wake it. */
    private static final long NAP_NANOS = 100_000;

    private final Head head;
    private final Revisions revisions;
    private final Keyspaces keyspaces;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private @Nullable Subscriptions subscriptions;
    private int feeds;
    private @Nullable Thread thread;
    private Root last = Root.EMPTY;
    private boolean failed;

    /** Written under the lock. */
    private volatile boolean closed;

    private volatile @Nullable Thread asleep;

    Dispatcher(Head head, Revisions revisions, Keyspaces keyspaces) {
        this.head = head;
        this.revisions = revisions;
        this.keyspaces = keyspaces;
    }

    /**
     * A feed of the commits behind {@code after}, or from now on.
     *
     * @throws IllegalArgumentException if {@code after} is a revision of the future
     */
    EngineFeed follow(Scope scope, OptionalLong after, int buffer) {
        if (scope instanceof Range range) {
            keyspaces.ours(range.keyspace());
        }
        while (true) {
            long visible = head.visible().revision;
            long start = after.orElse(visible);
            if (start > visible) {
                throw new IllegalArgumentException("A watch cannot begin after revision " + start + ": the newest is "
                        + visible + ". Use the revision of a snapshot or of an event.");
            }
            EngineFeed feed = new EngineFeed(head, revisions, this, keyspaces, scope, start, buffer);
            // Who starts in the past catches up at his own pace; who starts now must not depend on what is kept.
            if (start < visible || feed.join() || after.isPresent()) {
                return feed;
            }
        }
    }

    /** There may be something to do. Cheap; called after every commit. */
    void wake() {
        Thread sleeper = asleep;
        if (sleeper != null) {
            asleep = null;
            LockSupport.unpark(sleeper);
        }
    }

    /**
     * From now on {@code feed} is handed every commit behind {@code position}.
     *
     * @return what ends that; {@code null} if commits behind the position have been told already
     */
    @Nullable
    Runnable join(EngineFeed feed, long position) {
        lock.lock();
        try {
            if (closed) {
                throw Head.closedStore();
            }
            if (feeds == 0) {
                Root start = revisions.at(position);
                if (start == null) {
                    return null;
                }
                last = start;
                revisions.dispatched(position);
            } else if (last.revision > position) {
                return null;
            }
            return enter(feed);
        } finally {
            lock.unlock();
        }
    }

    private Runnable enter(EngineFeed feed) {
        Runnable leave = subscriptions().add(feed);
        feeds++;
        boolean entered = false;
        try {
            if (thread == null) {
                start();
            } else {
                wake();
            }
            Runnable end = () -> leave(leave);
            entered = true;
            return end;
        } finally {
            if (!entered) {
                leave(leave);
            }
        }
    }

    private Subscriptions subscriptions() {
        if (subscriptions == null) {
            subscriptions = new Subscriptions(keyspaces);
        }
        return subscriptions;
    }

    private void start() {
        Thread fresh = new Thread(this::run, "kvist-watch");
        fresh.setDaemon(true);
        fresh.start();
        thread = fresh; // it cannot have ended: the lock is ours
    }

    private void leave(Runnable leave) {
        lock.lock();
        try {
            leave.run();
            feeds--;
            if (feeds == 0) {
                revisions.dispatched(Long.MAX_VALUE);
                wake();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The thread, if it waits for {@link #wake} or is about to. */
    @Nullable
    Thread asleep() {
        return asleep;
    }

    /** How many feeds are live, and how many commits wait for the slowest. O(feeds). */
    Stats.Watches stats() {
        lock.lock();
        try {
            Root visible = head.visibleOrNull();
            if (subscriptions == null || feeds == 0 || visible == null) {
                return Stats.Watches.NONE;
            }
            int[] waiting = {0};
            subscriptions.forEach(feed -> waiting[0] = Math.max(waiting[0], feed.waiting()));
            return new Stats.Watches(feeds, visible.revision - last.revision + waiting[0]);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread and every feed. */
    void close() {
        lock.lock();
        try {
            closed = true;
            if (subscriptions != null) {
                subscriptions.forEach(EngineFeed::storeClosed);
            }
            wake();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        boolean rested = false;
        while (true) {
            long told;
            lock.lock();
            try {
                if (feeds == 0 || closed) {
                    thread = null;
                    return;
                }
                long before = last.revision;
                tellOrLose();
                told = last.revision;
                rested &= told == before;
            } finally {
                lock.unlock();
            }
            rested = rest(told, rested);
        }
    }

    /** What cannot be told, for lack of memory, is said to be missed, as soon as that can be said. */
    private void tellOrLose() {
        try {
            if (failed) {
                loseAll();
                failed = false;
            }
            tell();
        } catch (RuntimeException | Error untold) {
            failed = true;
        }
    }

    private void loseAll() {
        Root visible = head.visibleOrNull();
        if (visible != null && subscriptions != null) {
            subscriptions.forEach(feed -> feed.lose(visible.revision));
            last = visible;
            revisions.dispatched(last.revision);
        }
    }

    /** Tells watches of the next visible commits. */
    private void tell() {
        Root visible = head.visibleOrNull();
        if (visible == null || subscriptions == null) {
            return;
        }
        Root reached = last;
        for (int told = 0; told < STRETCH && reached.revision < visible.revision; told++) {
            Root next = revisions.at(reached.revision + 1);
            if (next != null) {
                subscriptions.dispatch(reached, next);
            } else {
                // Commits outran this thread by more than may be kept.
                Root oldest = revisions.oldest();
                boolean isBetween = oldest.revision > reached.revision && oldest.revision < visible.revision;
                next = isBetween ? oldest : visible;
                subscriptions.lose(reached, next);
            }
            reached = next;
        }
        last = reached;
        revisions.dispatched(last.revision);
    }

    private boolean rest(long told, boolean rested) {
        if (isBehind(told)) {
            return false;
        }
        if (!rested) {
            LockSupport.parkNanos(this, NAP_NANOS);
            return true;
        }
        asleep = Thread.currentThread();
        // Both are looked at once more: who changed them before could not see the sleeper.
        if (!isBehind(told) && isNeeded()) {
            LockSupport.park(this);
        }
        asleep = null;
        return false;
    }

    private boolean isBehind(long told) {
        Root visible = head.visibleOrNull();
        return visible != null && visible.revision > told;
    }

    private boolean isNeeded() {
        return !closed && revisions.areFollowed();
    }
}
