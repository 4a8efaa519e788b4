// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.wal;

import io.github.kvist.api.Durability;
import io.github.kvist.format.CommitWriter;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Commits that share one frame, and the threads that wait for them. */
public final class Batch<S> {

    // Guarded by the lock of the log until the batch is in flight; then by its leader alone.
    final CommitWriter writer;
    long firstRevision;
    long lastRevision;

    /** Bytes of the commits that were added; behind them the writer may hold a part of one that failed. */
    int length;

    @Nullable
    S last;

    Durability strongest = Durability.MEMORY;
    private @Nullable Thread[] waiters = new @Nullable Thread[4];
    private int waiting;

    volatile @Nullable Thread leader;
    private volatile boolean finished;
    private volatile @Nullable Throwable failure;

    Batch(CommitWriter writer) {
        this.writer = writer;
    }

    boolean isEmpty() {
        return last == null;
    }

    void add(long revision, S state, Durability durability) {
        length = writer.length();
        if (last == null) {
            firstRevision = revision;
        }
        lastRevision = revision;
        last = state;
        if (durability.compareTo(strongest) < 0) {
            strongest = durability;
        }
    }

    /** Makes sure that {@link #register} needs no memory the next time. */
    void reserve() {
        if (waiting == waiters.length) {
            waiters = Arrays.copyOf(waiters, 2 * waiting);
        }
    }

    long commits() {
        return lastRevision - firstRevision + 1;
    }

    void register(Thread waiter) {
        reserve();
        waiters[waiting++] = waiter;
    }

    /** The waiter that leads the next write; {@code null} if nobody waits. */
    @Nullable
    Thread appoint() {
        leader = waiting == 0 ? null : waiters[0];
        return leader;
    }

    boolean isFinished() {
        return finished;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    void finish(@Nullable Throwable outcome) {
        failure = outcome;
        finished = true;
    }

    /** Needs no memory: who is not woken waits for ever. */
    void wakeAllBut(Thread awake) {
        for (int i = 0; i < waiting; i++) {
            Thread waiter = waiters[i];
            if (waiter != awake) {
                LockSupport.unpark(waiter);
            }
        }
    }
}
