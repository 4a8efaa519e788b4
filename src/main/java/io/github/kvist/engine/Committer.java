// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Commit;
import io.github.kvist.event.CommitEvent;
import io.github.kvist.event.ConflictEvent;
import io.github.kvist.event.Flight;
import io.github.kvist.event.SweepEvent;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.wal.Batch;
import java.time.Duration;
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
    private final Head head;
    private final ReentrantLock lock;
    private final ExclusiveTurn turn;
    private final DirectCommit direct;

    // Guarded by the lock: the last commit that put everything in another's place.
    private long replacedAt;

    /**
     * Moves {@code head}, alone.
     *
     * @param committed is told of each commit that is visible, on the thread that made it
     */
    Committer(Keyspaces keyspaces, Instants instants, Revisions revisions, Head head, Runnable committed) {
        this.keyspaces = keyspaces;
        this.instants = instants;
        this.versions = head.versions();
        this.committed = committed;
        this.head = head;
        this.lock = head.lock();
        this.turn = new ExclusiveTurn(lock, TURN);
        this.direct = new DirectCommit(this, keyspaces, revisions, head);
    }

    MemoryLimit limit() {
        return head.limit();
    }

    /** A stamp for a write; never given out twice. */
    long nextVersion() {
        return versions.incrementAndGet();
    }

    /**
     * Commits a whole transaction if its conditions hold in the head.
     *
     * @return its revision, or {@link Commit#REFUSED}
     */
    long commit(Commit commit) {
        StoreLimits.check(commit.operations());
        CommitEvent event = Flight.isOn() ? CommitEvent.started() : null;
        Batch<Root> batch;
        long before;
        long revision;
        boolean holds;
        lock.lock();
        try {
            prepare();
            before = head.applied().revision;
            long instant = instants.now();
            holds = direct.holds(commit, instant);
            batch = holds ? direct.apply(commit, instant) : head.pending();
            revision = head.applied().revision;
        } finally {
            lock.unlock();
        }
        finish(batch, holds);
        if (event != null && revision > before) {
            event.ended(revision, commit.durability().name());
        }
        return holds ? revision : Commit.REFUSED;
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
                head.tally().lost();
                throw new KvException.Conflict("The store was restored after revision " + branch.revision()
                        + ", on which this transaction stands; nothing was written. Run the transaction again.");
            }
            conflict = branch.reads().conflict(branch.draft().base(), head.applied(), branch.instant());
            if (conflict >= 0) {
                head.tally().lost();
            }
            batch = conflict < 0 ? adopt(branch) : head.pending();
            revision = head.applied().revision;
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

    /** Makes a new head of a branch that conflicts with nothing; returns what to wait for. Called under the lock. */
    @Nullable
    Batch<Root> adopt(EngineBranch branch) {
        Root before = head.applied();
        Root next = before.next(instants.now(), Merge.trees(branch, before), false);
        long cost = Revisions.cost(
                before, next, branch.changes(), branch.operations().length());
        return head.isLogged()
                ? head.log(next, cost, branch.durability(), writer -> writer.operations(branch.operations()))
                : head.append(next, cost);
    }

    /**
     * Removes what is due.
     *
     * @return how many entries went from the keyspaces whose names are {@code counted}
     */
    long sweep(Predicate<String> counted, Durability durability) {
        if (head.visible().deadline > instants.unrecorded()) {
            return 0;
        }
        SweepEvent event = Flight.isOn() ? SweepEvent.started() : null;
        long instant = instants.now();
        Sweep sweep = new Sweep(head.visible(), instant);
        Batch<Root> batch;
        long removed;
        lock.lock();
        try {
            prepare();
            Root before = head.applied();
            RadixTree[] trees = sweep.onto(before);
            if (!Sweep.changes(before, trees)) {
                return 0;
            }
            Root next = before.next(instants.now(), trees, true);
            long cost = Revisions.cost(before, next, Sweep.removed(before, next, keyspaces, name -> true), 0);
            // Before it is logged: who leaves behind that without waiting may leave others without a leader.
            removed = Sweep.removed(before, next, keyspaces, counted);
            batch = head.isLogged()
                    ? head.log(next, cost, durability, writer -> sweep.write(writer, before, next))
                    : head.append(next, cost);
            head.tally().swept(removed);
        } finally {
            lock.unlock();
        }
        finish(batch, true);
        if (event != null) {
            event.ended(removed);
        }
        return removed;
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
            head.drain();
            Root next = replacement.of(head.applied(), instants);
            head.limit().check(head.applied(), next);
            instants.notBefore(next.millis);
            versions.accumulateAndGet(replacement.versions(), Math::max);
            keep.accept(next);
            replacedAt = next.revision;
            head.restart(next);
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
            batch = pendingOfTurn();
        } finally {
            lock.unlock();
        }
        finish(batch, false);
    }

    private @Nullable Batch<Root> pendingOfTurn() {
        boolean known = false;
        try {
            Batch<Root> batch = head.pending();
            known = true;
            return batch;
        } finally {
            if (!known) {
                turn.release();
            }
        }
    }

    void endTurn() {
        lock.lock();
        try {
            turn.release();
        } finally {
            lock.unlock();
        }
    }

    private void prepare() {
        turn.await();
        head.awaitRoom();
    }

    private void finish(@Nullable Batch<Root> batch, boolean hasCommitted) {
        head.await(batch, hasCommitted);
        if (hasCommitted) {
            committed.run();
        }
    }
}
