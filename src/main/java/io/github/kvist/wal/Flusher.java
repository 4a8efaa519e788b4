// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.wal;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Hands commits that nobody waits for to the operating system, a moment after they were made. */
final class Flusher implements Runnable {

    private static final long PAUSE_NANOS = 10_000_000;

    private final Wal<?> wal;
    private volatile @Nullable Thread thread;
    private volatile boolean awake;
    private volatile boolean closed;

    Flusher(Wal<?> wal) {
        this.wal = wal;
    }

    /** To be called under the lock of the log before the first commit that {@link #wake} is for: it may fail, and waking may not. */
    void start() {
        if (thread == null) {
            Thread fresh = new Thread(this, "kvist-flush");
            fresh.setDaemon(true);
            fresh.start();
            thread = fresh;
        }
    }

    /** Called under the lock of the log. */
    void wake() {
        if (!awake) {
            awake = true;
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        while (!closed) {
            if (!awake) {
                LockSupport.park(this);
                continue;
            }
            LockSupport.parkNanos(this, PAUSE_NANOS);
            awake = false;
            try {
                wal.flush(Durability.OS);
            } catch (KvException alreadyPoisoned) {
                return; // the log remembers why, and tells the next commit
            } catch (RuntimeException | Error again) {
                awake = true; // such as a lack of memory, which passes
            }
        }
    }

    void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            LockSupport.unpark(running);
        }
    }
}
