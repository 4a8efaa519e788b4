// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.KvStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Which store the application works with, and the way to change that while no write is under way. Safe for any number of threads.
 */
final class Gate {

    /** Shared by writes, which end before the holder of the other side changes stores. */
    private final ReentrantReadWriteLock writes = new ReentrantReadWriteLock();

    private volatile Epoch epoch;
    private final Brake brake = new Brake();

    /** The time in which one store is the current one. */
    static final class Epoch {
        private final KvStore store;
        private final long since;
        private volatile long end = Long.MAX_VALUE;

        private Epoch(KvStore store, long since) {
            this.store = store;
            this.since = since;
        }

        KvStore store() {
            return store;
        }

        /** The newest commit of the store when it began: what comes behind it was written there. */
        long since() {
            return since;
        }

        /** The last commit of the store when it ended: what comes behind it was written elsewhere, and only follows here. */
        long end() {
            return end;
        }

        boolean hasEnded() {
            return end != Long.MAX_VALUE;
        }
    }

    Gate(KvStore current) {
        this.epoch = new Epoch(current, 0);
    }

    KvStore current() {
        return epoch.store;
    }

    Epoch epoch() {
        return epoch;
    }

    /** Lets a write begin; a little later if writes are faster than they can be applied on the other side. */
    void enter() {
        if (writes.getReadHoldCount() == 0) {
            brake.await();
        }
        writes.readLock().lock();
    }

    /** What slows writes down. */
    Brake brake() {
        return brake;
    }

    void leave() {
        writes.readLock().unlock();
    }

    /** Holds back new writes, and waits for those under way. False if they take longer; then none is held back. */
    boolean close(Duration patience) throws InterruptedException {
        return writes.writeLock().tryLock(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
    }

    /**
     * Changes stores, under {@link #close} unless nobody uses them yet.
     *
     * @param since the newest commit of the next store
     * @param end the last commit of the one that is left
     */
    void change(KvStore next, long since, long end) {
        epoch.end = end;
        epoch = new Epoch(next, since);
    }

    /** Lets writes go on. */
    void open() {
        writes.writeLock().unlock();
    }
}
