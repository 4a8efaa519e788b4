// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Sweeping;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sweeps a store again and again on a thread of its own, as long as any of its entries has a deadline. The thread looks at the
 * clock often because nobody tells it when the clock is moved; it keeps neither the process nor an abandoned store alive.
 */
final class ExpirySweep {

    private static final long PERIOD_NANOS = Duration.ofMillis(250).toNanos();

    private final Sweeping backend;
    private final Durability durability;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    ExpirySweep(Sweeping backend, Durability durability) {
        this.backend = backend;
        this.durability = durability;
    }

    /** Sweeps at once and returns how many records went. */
    long now() {
        return backend.sweep(KeyspaceNames::isRecords, durability);
    }

    /**
     * Starts the thread if there is something to wait for. Cheap, called after every commit, whose success is none of its business:
     * what goes wrong here is tried again after the next.
     */
    void consider() {
        try {
            if (!running.get() && backend.earliestDeadline() != Stored.NEVER && running.compareAndSet(false, true)) {
                start();
            }
        } catch (KvException closing) {
            log(System.Logger.Level.DEBUG, closing); // by another thread, behind the commit
        }
    }

    private void start() {
        try {
            WeakReference<ExpirySweep> self = new WeakReference<>(this);
            Thread fresh = new Thread(() -> sweepOften(self), "kvist-sweep");
            fresh.setDaemon(true);
            thread = fresh;
            fresh.start();
        } catch (RuntimeException | Error noThread) {
            running.set(false);
            log(System.Logger.Level.WARNING, noThread);
        }
    }

    void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private static void sweepOften(WeakReference<ExpirySweep> self) {
        while (goesOn(self.get())) {
            LockSupport.parkNanos(PERIOD_NANOS);
        }
    }

    private static boolean goesOn(@Nullable ExpirySweep sweep) {
        return sweep != null && !sweep.closed && sweep.step();
    }

    private boolean step() {
        try {
            backend.sweep(KeyspaceNames::isRecords, weaker());
            return isNeeded();
        } catch (KvException closedOrFailed) {
            log(System.Logger.Level.DEBUG, closedOrFailed);
            // A server may come back. Otherwise the store is closed, or its log cannot be written any more: nothing can
            // be swept
            // until it is opened again.
            return closedOrFailed.isRetryable() && backend instanceof Backend system && system.isShared();
        } catch (RuntimeException | Error failed) {
            log(System.Logger.Level.WARNING, failed); // such as a clock that throws, or a lack of memory that passes
            return true;
        }
    }

    /** Nobody waits for it, and what a crash undoes is due again when the store is opened. */
    private Durability weaker() {
        return durability == Durability.SYNC ? Durability.OS : durability;
    }

    private boolean isNeeded() {
        if (backend.earliestDeadline() != Stored.NEVER) {
            return true;
        }
        running.set(false);
        // A commit that came between has found the thread running.
        return backend.earliestDeadline() != Stored.NEVER && running.compareAndSet(false, true);
    }

    private static void log(System.Logger.Level level, Throwable failed) {
        try {
            System.getLogger(ExpirySweep.class.getName()).log(level, "Entries that are due were not swept.", failed);
        } catch (RuntimeException | Error silenced) {
            // Without memory there are no logs either; what was to be said is not worth the thread.
        }
    }
}
