// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

import io.github.kvist.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * A clock that leaps forth and back, and what must be true of a store that goes by it: the instant of a view is that of the clock when it was
 * opened, or a later one by which the store has acted. Safe for any number of threads.
 */
public final class JumpingClock implements InstantSource {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    private final SettableClock clock = new SettableClock(START);
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    // Guarded by this: instants are milliseconds since the start.
    private long highest;
    private long floor = Long.MIN_VALUE;

    @Override
    public Instant instant() {
        return clock.instant();
    }

    /** So many milliseconds after the clock's first instant. */
    static Instant at(long millis) {
        return START.plusMillis(millis);
    }

    long now() {
        return Duration.between(START, clock.instant()).toMillis();
    }

    /** Leaps by some hundred milliseconds in either direction. */
    void leap(Random random) {
        set(now() + random.nextInt(1200) - 500);
    }

    /** Goes to where it would be had it never gone back. */
    void catchUp() {
        set(highest());
    }

    private void set(long millis) {
        lock.writeLock().lock();
        try {
            clock.set(at(millis));
            synchronized (this) {
                highest = Math.max(highest, millis);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** The latest instant that anybody can have acted by. */
    synchronized long highest() {
        return highest;
    }

    /** Nobody goes by an earlier instant any more. */
    synchronized void notBefore(long millis) {
        floor = Math.max(floor, millis);
    }

    private synchronized long floor() {
        return floor;
    }

    /** The store was opened anew: it knows what it wrote, not what it acted by. */
    synchronized void forget() {
        floor = Long.MIN_VALUE;
    }

    /**
     * Opens a view while the clock stands still.
     *
     * @param writes whether what is opened acts by its instant at once, so that time never is earlier again
     */
    <V> V open(Notes notes, boolean writes, Supplier<V> view) {
        lock.readLock().lock();
        try {
            long now = now();
            notes.judgesNotBefore(Math.max(now, floor()));
            V opened = view.get();
            if (writes) {
                notBefore(now);
            }
            return opened;
        } finally {
            lock.readLock().unlock();
        }
    }
}
