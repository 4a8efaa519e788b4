// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.KvException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The thread on which a replication works, and the way to work on it instead. What may pass is tried again, as long as it takes;
 * anything else ends it. Safe for any number of threads.
 */
final class Replicator implements AutoCloseable {

    private static final long PAUSE_MIN_NANOS = Duration.ofMillis(20).toNanos();
    private static final long PAUSE_MAX_NANOS = Duration.ofSeconds(2).toNanos();

    private final Replication replication;
    private final Tally tally;
    private final Thread thread;

    /** Held by whoever works; fair, so that others get their turn between two steps. */
    private final ReentrantLock lock = new ReentrantLock(true);

    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private boolean isOpen;
    private @Nullable Throwable failure;
    private long troubles;

    private volatile boolean closed;

    /** Work with the replication under the lock. */
    interface Work<R> {
        R on(Replication replication) throws InterruptedException;
    }

    Replicator(Replication replication, Tally tally, String name) {
        this.replication = replication;
        this.tally = tally;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Goes on from what the target holds, or begins; what follows is done by the thread. */
    void start() {
        lock.lock();
        try {
            replication.open();
            isOpen = true;
        } finally {
            lock.unlock();
        }
        thread.start();
    }

    private void run() {
        while (!closed) {
            lock.lock();
            try {
                if (closed || failure != null) {
                    return;
                }
                attempt();
            } catch (InterruptedException nobodysBusiness) {
                failure = nobodysBusiness;
            } finally {
                changed.signalAll();
                lock.unlock();
            }
        }
    }

    private void attempt() throws InterruptedException {
        try {
            if (!isOpen) {
                replication.open();
                isOpen = true;
            }
            replication.step();
            if (troubles > 0) {
                troubles = 0;
                tally.trouble(null);
            }
        } catch (KvException failed) {
            isOpen = false;
            if (closed) {
                return;
            }
            if (!mayPass(failed)) {
                failure = failed;
                tally.trouble(failed.getMessage());
                return;
            }
            tally.trouble(failed.getMessage());
            pause();
        } catch (RuntimeException | Error failed) {
            isOpen = false;
            failure = failed;
        }
    }

    private static boolean mayPass(KvException failed) {
        return failed.isRetryable() || failed instanceof KvException.OutcomeUnknown;
    }

    private void pause() throws InterruptedException {
        long longest = PAUSE_MIN_NANOS << Math.min(troubles++, Integer.SIZE);
        long nanos = longest <= 0 ? PAUSE_MAX_NANOS : Math.min(longest, PAUSE_MAX_NANOS);
        long end = System.nanoTime() + nanos;
        for (long rest = nanos; rest > 0 && !closed; rest = end - System.nanoTime()) {
            changed.awaitNanos(rest);
        }
    }

    /** Works on the caller's thread, while this one waits. */
    <R> R exclusively(Work<R> work) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            requireWell();
            if (!isOpen) {
                replication.open();
                isOpen = true;
            }
            try {
                return work.on(replication);
            } catch (KvException failed) {
                isOpen = false; // what was written last is to be read again
                throw failed;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything has been copied. */
    void awaitCopied() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!isOpen || replication.journal().stage() == Journal.Stage.COPYING) {
                requireWell();
                changed.await(1, TimeUnit.SECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything that was committed before has been applied. */
    void awaitCaughtUp() throws InterruptedException {
        while (true) {
            awaitCopied();
            boolean isCaughtUp =
                    this.<Boolean>exclusively(work -> work.journal().stage() != Journal.Stage.COPYING
                            && work.drain(work.source().revision(), Long.MAX_VALUE));
            if (isCaughtUp) {
                return;
            }
        }
    }

    /** Compares and repairs; if commits are missed meanwhile, once more. */
    Verification verify() throws InterruptedException {
        while (true) {
            awaitCaughtUp();
            try {
                return exclusively(work -> {
                    tally.during(Phase.VERIFYING);
                    try {
                        return work.verify();
                    } finally {
                        tally.during(null);
                    }
                });
            } catch (KvException.Conflict overtaken) {
                requireWell();
            }
        }
    }

    private void requireWell() {
        if (closed) {
            throw new IllegalStateException("This was closed. Open another one; it goes on where this one was.");
        }
        Throwable ended = failure;
        if (ended instanceof Error error) {
            throw new IllegalStateException("Copying has ended, because an error was thrown.", error);
        }
        if (ended != null) {
            throw rethrowable(ended);
        }
    }

    private static RuntimeException rethrowable(Throwable ended) {
        return ended instanceof RuntimeException thrown
                ? thrown
                : new IllegalStateException("Copying has ended, because its thread was interrupted.", ended);
    }

    /** Ends the thread between two commits. A second call does nothing. */
    @Override
    public void close() {
        closed = true;
        replication.stop();
        if (Thread.currentThread() != thread) {
            join();
        }
        lock.lock();
        try {
            isOpen = false;
            replication.close();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                lock.lock();
                try {
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return Objects.requireNonNull(thread.getName());
    }
}
