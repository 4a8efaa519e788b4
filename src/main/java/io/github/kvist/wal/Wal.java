// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.wal;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Storage;
import io.github.kvist.event.Flight;
import io.github.kvist.event.SyncEvent;
import io.github.kvist.format.CommitWriter;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tail of the log: commits that wait share one write and one sync, and become visible only afterwards.
 *
 * <p>Commits are added under the lock of the commit pipeline, in revision order, to the current batch. The first to find no
 * leader leads: it takes the batch, appends it as one frame without holding the lock, publishes its newest state, appoints
 * a waiter of the next batch as leader, and only then wakes its own followers, whose waking overlaps the next sync. This is the
 * leader-follower group commit of Helland et al., "Group Commit Timers and High Volume Transaction Systems" (HPTS 1987),
 * without a timer: the batch is whatever came while the last sync ran.
 *
 * <p>The first append that fails poisons the log: what waits has an unknown outcome, and nothing is appended any more. A sync is
 * never tried again, because the pages that failed may be gone.
 *
 * @param <S> a state of the store, published when its commit is as durable as it wants to be
 */
public final class Wal<S> {

    /** More than this many bytes waiting, and a commit waits for the write under way before it adds its own. */
    private static final int WAITING_BYTES_MAX = 64 << 20;

    private static final int BUFFER_BYTES = 64 << 10;
    private static final int BUFFER_BYTES_KEPT = 4 << 20;

    private final Storage storage;
    private final ReentrantLock lock;
    private final Consumer<S> publish;
    private final Runnable rollBack;
    private final Flusher flusher;

    // Guarded by the lock.
    private Batch<S> current = new Batch<>(freshWriter());
    private @Nullable Batch<S> inFlight;
    private @Nullable CommitWriter spare;
    private boolean isLed;
    private @Nullable Throwable failure;
    private long frames;
    private long syncs;
    private long commits;
    private long commitsMax;

    /**
     * The log of one store.
     *
     * @param lock under which commits are added
     * @param publish makes a state visible; called under the lock, in revision order
     * @param rollBack forgets what is not visible; called under the lock, after a failed append
     */
    public Wal(Storage storage, ReentrantLock lock, Consumer<S> publish, Runnable rollBack) {
        this.storage = storage;
        this.lock = lock;
        this.publish = publish;
        this.rollBack = rollBack;
        this.flusher = new Flusher(this);
    }

    /**
     * Returns once a commit may be added. Called under the lock, which it may let go of meanwhile.
     *
     * @throws KvException.Unavailable if an append failed before
     */
    public void awaitRoom() {
        checkHealthy();
        while (current.length > WAITING_BYTES_MAX) {
            Batch<S> full = current;
            Batch<S> joined = join(full);
            lock.unlock();
            try {
                settle(joined);
            } finally {
                lock.lock();
            }
            checkHealthy();
        }
    }

    /**
     * Returns when all that was added is written, and nothing else will be before the caller lets go of the lock. Called under the
     * lock, which it lets go of meanwhile.
     *
     * @throws KvException.Unavailable if an append failed
     */
    public void drain() {
        checkHealthy();
        for (Batch<S> rest = pending(); rest != null; rest = pending()) {
            lock.unlock();
            try {
                settle(rest);
            } finally {
                lock.lock();
            }
            checkHealthy();
        }
    }

    /**
     * Where the next commit is written to, before {@link #add}. Whatever one left behind that was not added is dropped. Called under
     * the lock.
     */
    public CommitWriter nextCommit() {
        current.writer.truncate(current.length);
        return current.writer;
    }

    /**
     * Gets all that {@link #add} will need, so that it cannot fail: a commit that was added will be visible. Called under the lock.
     */
    public void reserve(Durability durability) {
        current.reserve();
        if (durability == Durability.MEMORY) {
            flusher.start();
        }
    }

    /**
     * Adds the commit that has just been written, after {@link #reserve}. Called under the lock, in revision order.
     *
     * @return what to {@link #await} without the lock; {@code null} if the commit is visible already
     */
    public @Nullable Batch<S> add(long revision, S state, Durability durability) {
        Batch<S> batch = current;
        batch.add(revision, state, durability);
        if (batch.strongest == Durability.MEMORY && !isLed) {
            publish.accept(state);
            flusher.wake();
            return null;
        }
        return join(batch);
    }

    /** What to await so that everything added so far is written; {@code null} if there is nothing. Called under the lock. */
    public @Nullable Batch<S> pending() {
        if (!current.isEmpty()) {
            return join(current);
        }
        if (inFlight != null) {
            inFlight.register(Thread.currentThread());
        }
        return inFlight;
    }

    /** Returns when everything added so far has been written, synced if asked for. Called without the lock. */
    public void flush(Durability durability) {
        Batch<S> batch;
        lock.lock();
        try {
            if (!current.isEmpty() && durability.compareTo(current.strongest) < 0) {
                current.strongest = durability;
            }
            batch = pending();
        } finally {
            lock.unlock();
        }
        if (batch != null) {
            await(batch);
        }
    }

    /**
     * Returns when the batch is as durable as asked for and visible. Called without the lock. An interrupt is kept and changes
     * nothing.
     *
     * @throws KvException.OutcomeUnknown if the append failed
     */
    public void await(Batch<S> batch) {
        settle(batch);
        Throwable cause = batch.failure();
        if (cause != null) {
            throw new KvException.OutcomeUnknown(
                    storage.description() + ": the log could not be written (" + cause
                            + "), so this commit may or may not be there after the store is opened again. Close and reopen the"
                            + " store, then look before you repeat the commit.",
                    cause);
        }
    }

    /** Returns when the batch is visible or has failed. Called without the lock, by those who have no commit in it. */
    public void settle(Batch<S> batch) {
        Thread me = Thread.currentThread();
        boolean interrupted = false;
        while (!batch.isFinished()) {
            if (batch.leader == me) {
                lead(batch);
            } else {
                LockSupport.park(batch);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            me.interrupt();
        }
    }

    /** What was appended so far. Called under the lock. */
    public Appends appends() {
        return new Appends(frames, syncs, commits, commitsMax);
    }

    /** Ends the background thread, if there is one. Called without the lock, after the last commit. */
    public void close() {
        flusher.close();
    }

    private Batch<S> join(Batch<S> batch) {
        Thread me = Thread.currentThread();
        batch.register(me);
        if (!isLed) {
            isLed = true;
            batch.leader = me;
        }
        return batch;
    }

    private void lead(Batch<S> batch) {
        Throwable outcome = null;
        try {
            takeOff(batch);
            SyncEvent event = Flight.isOn() ? SyncEvent.started() : null;
            storage.append(
                    batch.firstRevision,
                    batch.lastRevision,
                    batch.writer.buffer(),
                    Storage.HEAD_ROOM,
                    batch.length,
                    batch.strongest);
            if (event != null) {
                event.ended(batch.length, batch.commits(), batch.strongest == Durability.SYNC);
            }
        } catch (Throwable failed) { // whatever it was, nobody knows what is on the disk now
            outcome = failed;
        }
        Thread next = outcome == null ? land(batch) : poison(batch, outcome);
        if (next != null) {
            LockSupport.unpark(next);
        }
        batch.wakeAllBut(Thread.currentThread());
    }

    private void takeOff(Batch<S> batch) {
        lock.lock();
        try {
            CommitWriter writer = spare == null ? freshWriter() : spare;
            current = new Batch<>(writer);
            spare = null;
            inFlight = batch;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Thread land(Batch<S> batch) {
        lock.lock();
        try {
            inFlight = null;
            count(batch);
            S state = batch.last;
            if (state != null) {
                publish.accept(state);
            }
            recycle(batch.writer);
            batch.finish(null);
            Thread next = current.appoint();
            isLed = next != null;
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void count(Batch<S> batch) {
        long inBatch = batch.commits();
        frames++;
        syncs += batch.strongest == Durability.SYNC ? 1 : 0;
        commits += inBatch;
        commitsMax = Math.max(commitsMax, inBatch);
    }

    private @Nullable Thread poison(Batch<S> batch, Throwable cause) {
        lock.lock();
        try {
            failure = cause;
            inFlight = null;
            rollBack.run();
            batch.finish(cause);
            if (current != batch) {
                current.finish(cause);
                current.wakeAllBut(Thread.currentThread());
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void recycle(CommitWriter writer) {
        if (writer.buffer().length <= BUFFER_BYTES_KEPT) {
            writer.clear();
            spare = writer;
        }
    }

    private void checkHealthy() {
        Throwable cause = failure;
        if (cause != null) {
            throw new KvException.Unavailable(
                    storage.description() + ": an earlier write of the log failed (" + cause
                            + "), so the store only answers reads. Find out why the disk failed, then close and reopen the store.",
                    cause);
        }
    }

    private static CommitWriter freshWriter() {
        return new CommitWriter(Storage.HEAD_ROOM, Storage.TAIL_ROOM, BUFFER_BYTES);
    }
}
