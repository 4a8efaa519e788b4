// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Isolation;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Storage;
import io.github.kvist.event.CommitEvent;
import io.github.kvist.event.ConflictEvent;
import io.github.kvist.event.Flight;
import io.github.kvist.event.SweepEvent;
import io.github.kvist.format.CommitWriter;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.wal.Appends;
import io.github.kvist.wal.Batch;
import io.github.kvist.wal.Wal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The commit pipeline: one commit after the other is validated against the head and becomes the next head, under one lock and
 * without I/O; then it waits for the log, which makes it durable and then visible.
 *
 * <p>Validation is by difference, not by read versions: a transaction may commit if nothing that it read differs between its
 * base and the head, which costs a pointer comparison where nothing changed. This is the backward validation of Kung and
 * Robinson, "On Optimistic Methods for Concurrency Control" (TODS 1981), on persistent trees.
 */
final class Committer {

    /** A closure that needs longer alone may lose again. */
    private static final Duration TURN = Duration.ofSeconds(5);

    private final Keyspaces keyspaces;
    private final Instants instants;
    private final AtomicLong versions;
    private final Runnable committed;
    private final Revisions revisions;
    private final MemoryLimit limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final ExclusiveTurn turn = new ExclusiveTurn(lock, TURN);
    private final @Nullable Wal<Root> wal;

    // Guarded by the lock: the last applied commit, perhaps not durable yet.
    private Root head;
    // The last commit that put everything in another's place.
    private long replacedAt;
    private boolean closed;
    private final Tally tally = new Tally();

    /** What readers see; null once closed. */
    private volatile @Nullable Root visible;

    /**
     * Goes on from the newest of {@code revisions}.
     *
     * @param versions the last stamp that was given out; shared between a store and its forks
     * @param revisions is given each root that is applied
     * @param committed is told of each commit that is visible, on the thread that made it
     */
    Committer(
            Keyspaces keyspaces,
            Instants instants,
            Revisions revisions,
            AtomicLong versions,
            MemoryLimit limit,
            Storage storage,
            Runnable committed) {
        this.keyspaces = keyspaces;
        this.instants = instants;
        this.versions = versions;
        this.head = revisions.newest();
        this.visible = head;
        this.committed = committed;
        this.revisions = revisions;
        this.limit = limit;
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

    Instants instants() {
        return instants;
    }

    /** The same as {@link #visible}, or {@code null} once closed. */
    @Nullable
    Root visibleOrNull() {
        return visible;
    }

    long appliedRevision() {
        lock.lock();
        try {
            return head.revision;
        } finally {
            lock.unlock();
        }
    }

    MemoryLimit limit() {
        return limit;
    }

    /** The highest stamp given out. */
    AtomicLong versions() {
        return versions;
    }

    /** A stamp for a write; never given out twice. */
    long nextVersion() {
        return versions.incrementAndGet();
    }

    /** Commits a whole transaction if its conditions hold in the head. */
    boolean commit(Commit commit) {
        StoreLimits.check(commit.operations());
        CommitEvent event = Flight.isOn() ? CommitEvent.started() : null;
        Batch<Root> batch;
        long before;
        long revision;
        boolean holds;
        lock.lock();
        try {
            prepare();
            before = head.revision;
            long instant = instants.now();
            holds = holds(commit.conditions(), instant);
            batch = holds ? apply(commit, instant) : pending();
            revision = head.revision;
        } finally {
            lock.unlock();
        }
        finish(batch, holds);
        if (event != null && revision > before) {
            event.ended(revision, commit.durability().name());
        }
        return holds;
    }

    /**
     * Commits a branch that has operations.
     *
     * @return its revision
     */
    long commit(EngineBranch branch) {
        CommitEvent event = Flight.isOn() ? CommitEvent.started() : null;
        Batch<Root> batch;
        long revision;
        int conflict;
        lock.lock();
        try {
            prepare();
            if (branch.draft().base().revision < replacedAt) {
                tally.lost();
                throw new KvException.Conflict("The store was restored after revision " + branch.revision()
                        + ", on which this transaction stands; nothing was written. Run the transaction again.");
            }
            conflict = branch.reads().conflict(branch.draft().base(), head, branch.instant());
            if (conflict >= 0) {
                tally.lost();
            }
            batch = conflict < 0 ? adopt(branch) : pending();
            revision = head.revision;
        } finally {
            lock.unlock();
        }
        // Also after a conflict: running again before the other commit is visible would lose to it again.
        finish(batch, conflict < 0);
        if (conflict >= 0) {
            if (Flight.isOn()) {
                ConflictEvent.happened(keyspaces.numbered(conflict).name(), branch.revision(), revision);
            }
            throw new KvException.Conflict("Another transaction changed "
                    + keyspaces.numbered(conflict).name()
                    + " where this one had read it, after revision " + branch.revision()
                    + "; nothing was written. Run the transaction again.");
        }
        if (event != null) {
            event.ended(revision, branch.durability().name());
        }
        return revision;
    }

    /**
     * Removes what is due.
     *
     * @return how many entries went from the keyspaces whose names are {@code counted}
     */
    long sweep(Predicate<String> counted, Durability durability) {
        if (visible().deadline > instants.unrecorded()) {
            return 0;
        }
        SweepEvent event = Flight.isOn() ? SweepEvent.started() : null;
        long instant = instants.now();
        Sweep sweep = new Sweep(visible(), instant);
        Batch<Root> batch;
        long removed;
        lock.lock();
        try {
            prepare();
            Root before = head;
            RadixTree[] trees = sweep.onto(before);
            if (!Sweep.changes(before, trees)) {
                return 0;
            }
            Root next = before.next(instants.now(), trees, true);
            long cost = Revisions.cost(before, next, Sweep.removed(before, next, keyspaces, name -> true), 0);
            batch = wal == null
                    ? publishAtOnce(next, cost)
                    : log(wal, next, cost, durability, writer -> sweep.write(writer, before, next));
            removed = Sweep.removed(before, next, keyspaces, counted);
            tally.swept(removed);
        } finally {
            lock.unlock();
        }
        finish(batch, true);
        if (event != null) {
            event.ended(removed);
        }
        return removed;
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
     * Puts another root in the place of the head. Nothing is committed meanwhile, and transactions that began before it conflict.
     *
     * @param keep makes it durable; an exception leaves everything as it is
     */
    Root replace(Replacement replacement, Consumer<Root> keep) {
        lock.lock();
        try {
            prepare();
            if (wal != null) {
                wal.drain();
            }
            Root next = replacement.of(head, instants);
            limit.check(head, next);
            instants.notBefore(next.millis);
            versions.accumulateAndGet(replacement.versions(), Math::max);
            keep.accept(next);
            head = next;
            revisions.restart(next);
            replacedAt = next.revision;
            publish(next);
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** From now on until {@link #endTurn} no other thread commits, and everything committed is visible. */
    void takeTurn() {
        Batch<Root> batch;
        lock.lock();
        try {
            turn.take();
            batch = pending();
        } finally {
            lock.unlock();
        }
        finish(batch, false);
    }

    void endTurn() {
        lock.lock();
        try {
            turn.release();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when everything committed so far has been handed to the storage. */
    void flush() {
        if (wal != null) {
            wal.flush(Durability.OS);
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

    private void prepare() {
        turn.await();
        if (wal != null) {
            wal.awaitRoom();
        }
        if (closed) {
            throw closedStore();
        }
    }

    private boolean holds(List<Condition> conditions, long instant) {
        for (Condition condition : conditions) {
            RadixTree tree = head.tree(keyspaces.numberOf(condition.keyspace()));
            if (!condition.holds(EngineView.stored(tree.get(condition.key()), instant))) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Batch<Root> apply(Commit commit, long instant) {
        List<? extends Operation> operations = commit.operations();
        if (operations.size() == 1) {
            Operation only = operations.get(0);
            int keyspace = keyspaces.numberOf(only.keyspace());
            // The first entry of a keyspace also changes the catalogue.
            if (head.tree(keyspace).count() > 0) {
                return apply(keyspace, only, commit.durability(), instant);
            }
        }
        EngineBranch branch =
                new EngineBranch(this, keyspaces, head, instant, Isolation.SNAPSHOT, commit.durability(), false);
        for (Operation operation : operations) {
            if (operation instanceof Operation.Put put) {
                branch.put(put.keyspace(), put.key(), put.value(), put.deadline());
            } else {
                branch.delete(operation.keyspace(), operation.key());
            }
        }
        return branch.operations().length() == 0 ? pending() : adopt(branch);
    }

    /** One operation, straight on the head: the common case, without a branch. */
    private @Nullable Batch<Root> apply(int keyspace, Operation operation, Durability durability, long instant) {
        RadixTree tree = head.tree(keyspace);
        long version = nextVersion();
        RadixTree changed = operation instanceof Operation.Put put
                ? tree.put(put.key(), put.value(), 0, put.value().length, version, put.deadline())
                : tree.delete(operation.key());
        if (changed == tree) {
            return pending();
        }
        RadixTree[] trees = head.copyOfTrees(keyspace + 1);
        trees[keyspace] = changed;
        // The key is the caller's, and noted only for a dispatcher, which then need not look for it.
        Root.Touched only = revisions.areFollowed()
                ? new Root.Touched(keyspace, operation.key().clone())
                : null;
        Root next = head.next(instant, trees, only);
        long cost = Revisions.cost(
                operation.key().length + (operation instanceof Operation.Put put ? put.value().length : 0));
        if (wal == null) {
            return publishAtOnce(next, cost);
        }
        return log(wal, next, cost, durability, writer -> {
            if (operation instanceof Operation.Put put) {
                writer.put(keyspace, put.key(), put.value(), 0, put.value().length, version, put.deadline());
            } else {
                writer.delete(keyspace, operation.key());
            }
        });
    }

    private @Nullable Batch<Root> adopt(EngineBranch branch) {
        Root next = head.next(instants.now(), Merge.trees(branch, head), false);
        long cost =
                Revisions.cost(head, next, branch.changes(), branch.operations().length());
        return wal == null
                ? publishAtOnce(next, cost)
                : log(wal, next, cost, branch.durability(), writer -> writer.operations(branch.operations()));
    }

    private @Nullable Batch<Root> publishAtOnce(Root next, long cost) {
        limit.check(head, next);
        keep(next, cost);
        tally.committed();
        head = next;
        visible = next;
        return null;
    }

    private void keep(Root next, long cost) {
        Root seen = visible;
        revisions.append(next, cost, seen == null ? next.revision : seen.revision);
    }

    private @Nullable Batch<Root> log(
            Wal<Root> log, Root next, long cost, Durability durability, Consumer<CommitWriter> operations) {
        limit.check(head, next);
        CommitWriter writer = log.writer();
        int length = writer.length();
        try {
            writer.startCommit(next.millis, versions.get());
            operations.accept(writer);
            writer.endCommit();
            keep(next, cost);
        } catch (Throwable noMemory) {
            writer.truncate(length);
            throw noMemory;
        }
        tally.committed();
        head = next;
        return log.add(next.revision, next, durability);
    }

    private @Nullable Batch<Root> pending() {
        return wal == null ? null : wal.pending();
    }

    /** Waits for a batch, of whose failure only those hear who have a commit in it. */
    private void finish(@Nullable Batch<Root> batch, boolean hasCommitted) {
        if (batch != null && wal != null) {
            if (hasCommitted) {
                wal.await(batch);
            } else {
                wal.settle(batch);
            }
        }
        if (hasCommitted) {
            committed.run();
        }
    }

    private void publish(Root root) {
        visible = root;
    }

    private void forgetUnwritten() {
        Root root = visible;
        if (root != null) {
            head = root;
            revisions.forgetAfter(root.revision);
        }
    }

    static KvException.Closed closedStore() {
        return new KvException.Closed("The store is closed. Open it again to use it.");
    }
}
