// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Stats;
import io.github.kvist.backend.Storage;
import io.github.kvist.checkpoint.CheckpointReader;
import io.github.kvist.checkpoint.CheckpointWriter;
import io.github.kvist.event.CheckpointEvent;
import io.github.kvist.event.Flight;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes checkpoints beside the commits, on a thread of its own, and cuts the log behind them.
 *
 * <p>One is due when the log has grown past both the configured size and half of the data. Commits that outrun the
 * checkpoint until the log is twice as long wait for it, so that the log is bounded whatever the load.
 */
final class Checkpointer {

    /** What the log may hold when a store is closed; more is worth a checkpoint. */
    private static final long LOG_LEFT_BYTES = 1 << 20;

    private static final int LOG_LEFT_SHARE = 16;

    private final Storage storage;
    private final Head head;
    private final Committer committer;
    private final long afterBytes;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread fresh = new Thread(work, "kvist-checkpoint");
        fresh.setDaemon(true);
        return fresh;
    });
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile long dueBytes;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile @Nullable Future<?> running;

    Checkpointer(Storage storage, Head head, Committer committer, long afterBytes) {
        this.storage = storage;
        this.head = head;
        this.committer = committer;
        this.afterBytes = afterBytes;
        this.dueBytes = afterBytes;
    }

    /**
     * Starts a checkpoint if one is due; where commits outrun it by as much log again, returns only when it is done. Cheap,
     * called after every commit.
     */
    void consider() {
        long bytes = storage.logBytes();
        if (bytes > dueBytes && scheduled.compareAndSet(false, true)) {
            schedule();
        }
        Future<?> started = running;
        if (started != null && bytes > 2 * dueBytes) {
            Patience.await(started);
        }
    }

    private void schedule() {
        try {
            running = thread.submit(this::runDue);
        } catch (RejectedExecutionException closing) {
            scheduled.set(false);
        } catch (RuntimeException | Error noThread) {
            // Whoever is here has committed: a later commit tries again.
            scheduled.set(false);
            failed.incrementAndGet();
        }
    }

    /** Writes one now and returns when the log is cut. */
    void run() {
        onThread(() -> {
            write();
            return true;
        });
    }

    /** Replaces all that is stored by what {@code replacement} says, with a checkpoint instead of a log. */
    void replace(Replacement replacement) {
        try {
            Root unused = onThread(() -> {
                Root root = committer.replace(replacement, this::writeInstead);
                dueBytes = Math.max(afterBytes, root.bytes() / 2);
                // It has happened, whether what it made needless can be removed or not.
                reporting(() -> storage.cut(root.revision));
                return root;
            });
        } catch (RuntimeException failed) {
            RuntimeException refusal = replacement.refusal();
            throw refusal == null ? failed : refusal;
        }
    }

    /** Until the checkpoint counts nothing has happened; if that fails, only the next opening tells. */
    private void writeInstead(Root root) {
        try (Storage.CheckpointSink sink = storage.newCheckpoint(root.revision)) {
            CheckpointWriter.write(root.image(head.versions().get(), root.millis), sink);
            try {
                sink.complete();
            } catch (RuntimeException failed) {
                throw new KvException.OutcomeUnknown(
                        storage.description() + ": what was restored could not be made durable (" + failed
                                + "). Close and reopen the store: it is then whole, as it was or as restored.",
                        failed);
            }
        }
    }

    /** Reads everything on the storage again and checks it. */
    List<Finding> verify() {
        return onThread(() -> {
            List<Finding> findings = new ArrayList<>(storage.verify());
            try (Storage.CheckpointSource newest = storage.checkpoint()) {
                if (newest != null) {
                    findings.addAll(CheckpointReader.verify(newest));
                }
            } catch (KvException.Corrupt unreadable) {
                findings.add(new Finding(storage.description(), String.valueOf(unreadable.getMessage())));
            }
            return findings;
        });
    }

    /**
     * What the storage takes, and the most that it may take now: two checkpoints, twice the log after which one is due, and three
     * segments of the log.
     */
    Stats.Disk disk(Root root) {
        Storage.Occupancy occupied = storage.occupancy();
        long checkpoint = Math.max(occupied.checkpointBytes(), Footprint.of(root));
        long bytesMax = 2 * checkpoint + 2 * dueBytes + 3 * occupied.segmentBytes();
        return new Stats.Disk(
                occupied.bytes(),
                bytesMax,
                occupied.checkpointBytes(),
                storage.logBytes(),
                written.get(),
                failed.get());
    }

    /** Ends the thread, after a last checkpoint of {@code last} if replaying the log would hold up the next opening. */
    void close(@Nullable Root last) {
        try {
            Patience.await(thread.submit(() -> {
                if (last != null && storage.logBytes() > Math.max(LOG_LEFT_BYTES, last.bytes() / LOG_LEFT_SHARE)) {
                    reporting(() -> write(last));
                }
            }));
        } finally {
            thread.shutdown();
        }
    }

    private void runDue() {
        try {
            reporting(this::write);
        } finally {
            scheduled.set(false);
        }
    }

    /** Commits are not concerned by a checkpoint that fails: the log keeps them. */
    private void reporting(Runnable checkpoint) {
        try {
            checkpoint.run();
        } catch (KvException.Closed closing) {
            log().log(System.Logger.Level.DEBUG, "The store was closed before a checkpoint that was due.");
        } catch (RuntimeException | Error noCheckpoint) {
            failed.incrementAndGet();
            // The next attempt waits for as much log again.
            dueBytes = storage.logBytes() + afterBytes;
            log().log(
                            System.Logger.Level.WARNING,
                            storage.description() + ": a checkpoint failed; the log keeps growing.",
                            noCheckpoint);
        }
    }

    /** Not a constant: the first look-up of a logger is a good part of a cold opening. */
    private static System.Logger log() {
        return System.getLogger(Checkpointer.class.getName());
    }

    private void write() {
        // Commits of durability MEMORY are visible before they are in the log.
        Root root = head.visible();
        head.flush();
        write(root);
    }

    private void write(Root root) {
        CheckpointEvent event = Flight.isOn() ? CheckpointEvent.started() : null;
        boolean complete = false;
        try {
            save(root);
            complete = true;
        } finally {
            if (event != null) {
                event.ended(root.revision, root.count(), root.bytes(), complete);
            }
        }
    }

    private void save(Root root) {
        try (Storage.CheckpointSink sink = storage.newCheckpoint(root.revision)) {
            // Read after the root was taken, so that it covers every stamp inside.
            CheckpointWriter.write(root.image(head.versions().get(), root.millis), sink);
            sink.complete();
        }
        written.incrementAndGet();
        storage.cut(root.revision);
        dueBytes = Math.max(afterBytes, root.bytes() / 2);
    }

    private <R> R onThread(Callable<R> work) {
        try {
            return Patience.result(thread.submit(work));
        } catch (RejectedExecutionException closing) {
            throw new KvException.Closed("The store is closed. Open it again to use it.");
        } catch (ExecutionException failed) {
            throw rethrown(failed.getCause());
        }
    }

    private RuntimeException rethrown(@Nullable Throwable cause) {
        if (cause instanceof KvException known) {
            return known;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new KvException.Unavailable(
                storage.description() + ": " + cause + ". The store itself is unharmed.", cause);
    }
}
