// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread at a time commit alone, so that a transaction that keeps losing gets through. A turn lapses after a while, so
 * that a closure that hangs cannot stop the store. All methods are called under the lock of the commit pipeline.
 */
final class ExclusiveTurn {

    private final Condition ended;
    private final long turnNanos;
    private @Nullable Thread owner;
    private long lapsesAt;

    ExclusiveTurn(ReentrantLock lock, Duration turn) {
        this.ended = lock.newCondition();
        this.turnNanos = turn.toNanos();
    }

    /** Returns when no other thread has the turn. */
    void await() {
        if (owner != null) {
            awaitOthers();
        }
    }

    void take() {
        awaitOthers();
        owner = Thread.currentThread();
        lapsesAt = System.nanoTime() + turnNanos;
    }

    void release() {
        if (owner == Thread.currentThread()) {
            owner = null;
            ended.signalAll();
        }
    }

    private void awaitOthers() {
        boolean interrupted = false;
        while (owner != null && owner != Thread.currentThread()) {
            try {
                if (ended.awaitNanos(lapsesAt - System.nanoTime()) <= 0) {
                    owner = null;
                }
            } catch (InterruptedException kept) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
