// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.optimistic;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one transaction of this process run while no other commits. A matter of fairness alone: whoever waits too long, or is
 * interrupted, goes on without. Safe for any number of threads.
 */
final class Turns {

    /** A closure that needs longer may lose again. */
    private static final long TURN_NANOS = Duration.ofSeconds(5).toNanos();

    private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

    void shared(Runnable commit) {
        Lock shared = lock.readLock();
        boolean held = acquire(shared);
        try {
            commit.run();
        } finally {
            release(shared, held);
        }
    }

    <R extends @Nullable Object> R alone(Supplier<? extends R> work) {
        Lock exclusive = lock.writeLock();
        boolean held = acquire(exclusive);
        try {
            return work.get();
        } finally {
            release(exclusive, held);
        }
    }

    private static boolean acquire(Lock lock) {
        try {
            return lock.tryLock(TURN_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException kept) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void release(Lock lock, boolean held) {
        if (held) {
            lock.unlock();
        }
    }
}
