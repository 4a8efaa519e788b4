// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.backend.ChangeFeed;
import io.github.kvist.table.Fence;
import io.github.kvist.table.TableStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Moves an application from one store to another while it runs.
 *
 * <pre>{@code
 * Migration migration = Migration.from(old).to(fresh);
 * KvStore store = migration.store();          // what the application works with, from now on
 * migration.start();                          // copies, then follows
 * migration.verify();                         // compares everything, repairs what differs
 * migration.cutOver();                        // now the application works with the target
 * migration.finish();                         // or rollBack()
 * }</pre>
 *
 * <p>What has been done lies in the two stores. A process that is killed at any point opens both again, makes another migration of
 * them and starts it; it goes on where the first one was. Between {@link #cutOver} and {@link #finish} the source follows the target, so that
 * {@link #rollBack} loses nothing.
 *
 * <p>From {@link #start} on the application writes through {@link #store} alone. After the move everybody else's writes to the source
 * are refused, in this and in other processes: {@link KvException.Unsupported}, with the place where the data are now. Nobody else
 * writes to the target before it. Safe for any number of threads.
 */
public final class Migration implements AutoCloseable {

    private final TableStore source;
    private final TableStore target;
    private final Consumer<? super Progress> listener;
    private final Gate gate;
    private final Handover handover;
    private final Move there;
    private final Move back;
    private final KvStore store;

    /** Held by whoever starts, moves or ends; those take their time. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile Tally tally;
    // Written under the lock.
    private volatile @Nullable Replicator replicator;
    private volatile boolean closed;

    private Migration(TableStore source, TableStore target, Duration pause, Consumer<? super Progress> listener) {
        this.source = source;
        this.target = target;
        this.listener = listener;
        this.tally = new Tally(listener, lag -> {});
        this.gate = new Gate(source);
        this.handover = new Handover(source, target);
        this.there = new Move(gate, source, target, pause, handover::arrive);
        this.back = new Move(gate, target, source, pause, work -> handover.comeHome());
        this.store = new SwitchingStore(gate, source, target, this::close);
    }

    /**
     * What is to be moved.
     *
     * @throws KvException.Unsupported if it does not tell its changes
     */
    public static From from(KvStore source) {
        return new From(Side.from(source), Duration.ofSeconds(1), progress -> {});
    }

    /** A migration in the making. Immutable. */
    public static final class From {
        private final TableStore source;
        private final Duration pause;
        private final Consumer<? super Progress> listener;

        private From(TableStore source, Duration pause, Consumer<? super Progress> listener) {
            this.source = source;
            this.pause = pause;
            this.listener = listener;
        }

        /** How long {@link Migration#cutOver} may hold writes back before it gives up and tries later; a second by default. */
        public From pausingAtMost(Duration pause) {
            return new From(source, pause, listener);
        }

        /** Who is told of each step, on the thread that does it. */
        public From telling(Consumer<? super Progress> listener) {
            return new From(source, pause, listener);
        }

        /** A migration to a store that is empty, or that was begun to be filled from the same source. Changes nothing. */
        public Migration to(KvStore target) {
            return new Migration(source, Side.to(target, source), pause, listener);
        }
    }

    /**
     * The store that the application works with: the source, and from the moment of {@link #cutOver} on the target.
     *
     * <p>Writes wait while it changes; those under way end before. If they come faster than they can be applied to the other store, each
     * waits a little, up to ten milliseconds. What was opened before goes on with the store that it was opened
     * on: snapshots, scans, closures of reads. A transaction of {@code begin} can still be read, but its commit is a
     * {@link KvException.Conflict}. A watch tells a gap and goes on with the other store, whose revisions are counted anew.
     * Closing it closes the migration and both stores.
     */
    public KvStore store() {
        return store;
    }

    public Progress progress() {
        return tally.progress();
    }

    /**
     * Begins, or goes on with what an earlier process did: also with a move that it was in the midst of.
     *
     * @throws IllegalStateException if the target holds something else, or the source was moved to another store, or this was started
     * @throws KvException.Unavailable if one of the stores cannot be reached
     */
    public void start() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            requireOpen();
            if (replicator != null) {
                throw new IllegalStateException("The migration was started already.");
            }
            Journal journal = new Target(target.backend()).read();
            Optional<Fence.Raised> left = source.fence().look();
            Optional<Fence.Raised> back = target.fence().look();
            boolean isOver = journal != null && journal.stage() == Journal.Stage.CUT_OVER;
            requireOurs(left, journal, source);
            requireOurs(back, journal, target);
            if (isOver && left.isEmpty() && back.isEmpty()) {
                throw new IllegalStateException(
                        "The data moved to " + target.backend().description()
                                + ", and the fence in " + source.backend().description()
                                + " was taken down since: each may have what the other lacks. Decide for one of them.");
            }
            if (isOver && back.isEmpty()) {
                gate.change(
                        target, target.backend().revision(), source.backend().revision());
                follow(true);
            } else if (isOver) {
                goOnBack(left.isPresent());
            } else {
                follow(false);
                if (left.isPresent()) {
                    cutOver();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static void requireOurs(Optional<Fence.Raised> raised, @Nullable Journal journal, TableStore store) {
        if (raised.isPresent()
                && (journal == null || !journal.id().equals(raised.get().id()))) {
            throw new IllegalStateException("The data of " + store.backend().description() + " have moved to "
                    + raised.get().movedTo() + ". Migrate from there, or take that move back first.");
        }
    }

    /** Begins to follow, in one of the two directions. */
    private void follow(boolean isBack) {
        if (isBack && !(target.backend() instanceof ChangeFeed)) {
            return;
        }
        Tally fresh = new Tally(listener, gate.brake()::told);
        Replication replication = isBack
                ? new Replication(target.backend(), source.backend(), fresh)
                : new Replication(source.backend(), target.backend(), fresh);
        replication.target().fenced(isBack);
        if (isBack) {
            fresh.during(Phase.CUT_OVER);
        }
        Replicator next = new Replicator(replication, fresh, "kvist-migration");
        next.start();
        replicator = next;
        tally = fresh;
        if (closed) {
            stopFollowing();
        }
    }

    private void stopFollowing() {
        gate.brake().release();
        Replicator running = replicator;
        replicator = null;
        if (running != null) {
            running.close();
        }
    }

    private Replicator running() {
        requireOpen();
        Replicator running = replicator;
        if (running == null) {
            throw new IllegalStateException("The migration was not started. Call start() first.");
        }
        return running;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "The migration was closed. Make another one; it goes on where this one was.");
        }
    }

    /** Whether the application works with the target. */
    public boolean isCutOver() {
        return gate.current() == target;
    }

    /**
     * Waits until everything is copied, and every commit from before the call has been applied; after {@link #cutOver}, to the source.
     *
     * @throws KvException if something stands in the way that will not pass
     */
    public void awaitCaughtUp() throws InterruptedException {
        running().awaitCaughtUp();
    }

    /**
     * Compares everything in both stores, beside all writers, and repairs what differs; waits until everything is copied. O(data).
     *
     * @throws KvException if one of the stores fails
     */
    public Verification verify() throws InterruptedException {
        return running().verify();
    }

    private interface Locked<R> {
        R get() throws InterruptedException;
    }

    private <R> R locked(Locked<R> work) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Moves the application over: holds writes back, waits for those under way, raises a fence in the source, applies the last commits,
     * and lets writes go on in the target. Waits until everything is copied. What takes longer than the pause allows is given up and
     * tried again a little later.
     *
     * @throws IllegalStateException if it was done already
     * @throws KvException.Unavailable if it was given up for good; nothing has changed, and it can be called again
     * @throws KvException if one of the stores fails; if even the source is out of reach then, writes to it are refused
     *     until this is called again, and succeeds
     */
    public CutOver cutOver() throws InterruptedException {
        return locked(() -> {
            if (isCutOver()) {
                throw new IllegalStateException("The application works with the target already.");
            }
            Replicator running = running();
            CutOver done = there.run(running);
            stopFollowing();
            follow(true);
            target.admin().sweep();
            return done;
        });
    }

    /**
     * Moves the application back to the source, which has followed the target since {@link #cutOver}, in the same way. After it the
     * target follows again.
     *
     * @throws IllegalStateException if the application works with the source
     * @throws KvException.Unsupported if the target does not tell its changes, so that the source could not follow
     * @throws KvException as {@link #cutOver}
     */
    public CutOver rollBack() throws InterruptedException {
        return locked(() -> {
            requireOpen();
            if (!isCutOver()) {
                throw new IllegalStateException(
                        "The application works with the source: there is nothing to take back.");
            }
            if (!(target.backend() instanceof ChangeFeed)) {
                throw new KvException.Unsupported("The target at "
                        + target.backend().description()
                        + " does not tell its changes, so the source could not follow it and is out of date.");
            }
            CutOver done = back.run(running());
            stopFollowing();
            handover.settle(done.arrivedAt());
            follow(false);
            return done;
        });
    }

    /** An earlier process was about to roll back. */
    private void goOnBack(boolean isSourceFenced) throws InterruptedException {
        gate.change(target, target.backend().revision(), source.backend().revision());
        if (isSourceFenced) {
            follow(true);
            rollBack();
            return;
        }
        handover.settle(Handover.FROM_THE_BEGINNING);
        gate.change(source, source.backend().revision(), target.backend().revision());
        follow(false);
    }

    /**
     * Ends the migration after {@link #cutOver}: the source no longer follows and keeps its fence, the target forgets where it came from.
     *
     * @throws IllegalStateException if the application works with the source
     * @throws KvException if one of the stores fails; call it again, or leave it
     */
    public void finish() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            requireOpen();
            if (!isCutOver()) {
                throw new IllegalStateException(
                        "The application works with the source. Call cutOver() first, or close().");
            }
            stopFollowing();
            closed = true;
            Target notes = new Target(target.backend());
            if (notes.read() != null) {
                notes.forget();
            }
            Target old = new Target(source.backend());
            if (old.read() != null) {
                old.forget();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets a store be written to again whose data have moved away. What was written to the other one since is not brought back: for that
     * there is {@link #rollBack}.
     */
    public static void takeFenceDown(KvStore store) {
        Side.of(store, "store").fence().lower(List.of());
    }

    /** Stops copying and following; both stores stay open, and {@link #store} can be used. A second call does nothing. */
    @Override
    public void close() {
        closed = true;
        Replicator running = replicator;
        if (running != null) {
            running.close();
        }
        gate.brake().release();
    }
}
