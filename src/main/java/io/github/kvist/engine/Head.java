// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Storage;
import io.github.kvist.format.CommitWriter;
import io.github.kvist.wal.Appends;
import io.github.kvist.wal.Batch;
import io.github.kvist.wal.Wal;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a store stands: the head, which is the last root that was applied, and the visible root, the last one that is as durable
 * as its commit wants to be.
 *
 * <p>Roots are appended under one lock, in revision order and without I/O: within the limit, into the log, onto the revisions that
 * are kept. Who appended waits for the log without the lock. Reading the visible root takes no lock.
 */
final class Head {

    private final AtomicLong versions;
    private final Revisions revisions;
    private final MemoryLimit limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final @Nullable Wal<Root> wal;

    // Guarded by the lock: the last applied commit, perhaps not durable yet.
    private Root applied;
    private boolean closed;
    private final Tally tally = new Tally();

    /** What readers see; null once closed. */
    private volatile @Nullable Root visible;

    /**
     * Goes on from the newest of {@code revisions}.
     *
     * @param revisions is given each root that is applied
     * @param versions the last stamp that was given out; shared between a store and its forks
     */
    Head(Revisions revisions, AtomicLong versions, MemoryLimit limit, Storage storage) {
        this.versions = versions;
        this.revisions = revisions;
        this.limit = limit;
        this.applied = revisions.newest();
        this.visible = applied;
        this.wal = storage.keeps() ? new Wal<>(storage, lock, this::publish, this::forgetUnwritten) : null;
    }

    /** The newest durable root. */
    Root visible() {
        Root root = visible;
        if (root == null) {
            throw closedStore();
        }
        return root;
    }

    /** The same as {@link #visible}, or {@code null} once closed. */
    @Nullable
    Root visibleOrNull() {
        return visible;
    }

    /** The lock under which roots are appended. */
    ReentrantLock lock() {
        return lock;
    }

    MemoryLimit limit() {
        return limit;
    }

    /** The highest stamp given out. */
    AtomicLong versions() {
        return versions;
    }

    /** The newest revision that was applied, whether visible or not. */
    long appliedRevision() {
        lock.lock();
        try {
            return applied.revision;
        } finally {
            lock.unlock();
        }
    }

    /** The last applied root, on which the next one stands. Called under the lock. */
    Root applied() {
        return applied;
    }

    /** What was done so far, to be counted by those who do it. Called under the lock. */
    Tally tally() {
        return tally;
    }

    /** Whether there are watches that are told of every commit. */
    boolean isFollowed() {
        return revisions.areFollowed();
    }

    /**
     * Returns once a root may be appended. Called under the lock, which it may let go of meanwhile.
     *
     * @throws KvException.Closed if the store is closed
     * @throws KvException.Unavailable if the log could not be written before
     */
    void awaitRoom() {
        if (wal != null) {
            wal.awaitRoom();
        }
        if (closed) {
            throw closedStore();
        }
    }

    /** Whether roots are visible only when the log has them: what decides between {@link #append} and {@link #log}. */
    boolean isLogged() {
        return wal != null;
    }

    /**
     * Makes {@code next} the head and visible at once, where there is no log. Called under the lock.
     *
     * @param cost of keeping the root before it
     * @return nothing to wait for
     */
    @Nullable
    Batch<Root> append(Root next, long cost) {
        limit.check(applied, next);
        keep(next, cost);
        tally.committed();
        applied = next;
        visible = next;
        return null;
    }

    /**
     * Makes {@code next} the head and adds it to the log. Called under the lock.
     *
     * @param cost of keeping the root before it
     * @param operations writes down what led to it
     * @return what to wait for; {@code null} if it is visible already
     */
    @Nullable
    Batch<Root> log(Root next, long cost, Durability durability, Consumer<CommitWriter> operations) {
        Wal<Root> log = Objects.requireNonNull(wal, "the log of a store that keeps one");
        limit.check(applied, next);
        CommitWriter writer = log.nextCommit();
        writer.startCommit(next.millis, versions.get());
        operations.accept(writer);
        writer.endCommit();
        log.reserve(durability);
        keep(next, cost);
        // Nothing fails from here on; what failed before leaves nothing that the log would write.
        tally.committed();
        applied = next;
        return log.add(next.revision, next, durability);
    }

    private void keep(Root next, long cost) {
        Root seen = visible;
        revisions.append(next, cost, seen == null ? next.revision : seen.revision);
    }

    /** What to wait for until everything applied so far is visible; {@code null} if it is. Called under the lock. */
    @Nullable
    Batch<Root> pending() {
        return wal == null ? null : wal.pending();
    }

    /**
     * Waits for a batch, of whose failure only those hear who have a commit in it. Called without the lock.
     *
     * @throws KvException.OutcomeUnknown if the log could not be written
     */
    void await(@Nullable Batch<Root> batch, boolean hasCommitted) {
        if (batch == null || wal == null) {
            return;
        }
        if (hasCommitted) {
            wal.await(batch);
        } else {
            wal.settle(batch);
        }
    }

    /** Returns when all that was applied is visible, and the log at rest. Called under the lock, which it lets go of meanwhile. */
    void drain() {
        if (wal != null) {
            wal.drain();
        }
    }

    /** Puts a root that did not come about by a commit in the place of all others. Called under the lock, after {@link #drain}. */
    void restart(Root next) {
        applied = next;
        revisions.restart(next);
        publish(next);
    }

    /** Returns when everything committed so far has been handed to the storage. */
    void flush() {
        if (wal != null) {
            wal.flush(Durability.OS);
        }
    }

    /** What was done so far. */
    Tally.Count count() {
        lock.lock();
        try {
            return tally.count();
        } finally {
            lock.unlock();
        }
    }

    /** What was appended to the log so far. */
    Appends appends() {
        lock.lock();
        try {
            return wal == null ? Appends.NONE : wal.appends();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Refuses new commits and reads and waits for those under way.
     *
     * @return the last root; {@code null} if it was closed before
     */
    @Nullable
    Root close() {
        lock.lock();
        try {
            if (closed) {
                return null;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        Root last;
        try {
            flush();
        } finally {
            if (wal != null) {
                wal.close();
            }
            last = visible;
            visible = null;
        }
        return last;
    }

    private void publish(Root root) {
        visible = root;
    }

    private void forgetUnwritten() {
        Root root = visible;
        if (root != null) {
            applied = root;
            revisions.forgetAfter(root.revision);
        }
    }

    static KvException.Closed closedStore() {
        return new KvException.Closed("The store is closed. Open it again to use it.");
    }
}
