// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of a store that are open: how old the oldest is and who opened it; and a word in the log about one that was
 * forgotten. Safe for any number of threads.
 *
 * <p>Where a snapshot was opened is looked up at most once in some milliseconds: a walk of the stack costs more than all the
 * rest of opening one, and whoever opens many at a time opens them at the same few places.
 */
final class OpenSnapshots {

    private static final long WALK_EVERY_NANOS = 10_000_000;
    private static final StackWalker WALKER = StackWalker.getInstance();
    private static final String ROOM = OpenSnapshots.class.getPackageName() + ".";

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock: from the oldest to the newest.
    private @Nullable Holding first;
    private @Nullable Holding last;
    private int count;

    // Races are harmless: a walk more or less.
    private volatile long lastWalk = System.nanoTime() - WALK_EVERY_NANOS;

    /** One thread for all stores, which begins with the first snapshot. */
    private static final class Leaks {
        private static final Cleaner CLEANER = Cleaner.create(work -> {
            Thread thread = new Thread(work, "kvist-leaks");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * An open snapshot, as far as others may know it.
     *
     * @param origin where and by which thread it was opened
     */
    record Oldest(long revision, Duration age, String origin) {}

    /** Notes that {@code snapshot} is open. */
    Holding opened(Object snapshot, long revision) {
        Holding holding = new Holding(revision, System.nanoTime());
        if (holding.openedNanos - lastWalk >= WALK_EVERY_NANOS) {
            lastWalk = holding.openedNanos;
            holding.place = place();
        }
        lock.lock();
        try {
            append(holding);
        } finally {
            lock.unlock();
        }
        holding.registration = Leaks.CLEANER.register(snapshot, holding);
        return holding;
    }

    private static String place() {
        return WALKER.walk(
                        frames -> frames.filter(frame -> !frame.getClassName().startsWith(ROOM))
                                .findFirst())
                .map(frame -> frame.toStackTraceElement().toString())
                .orElse("an unknown place");
    }

    int count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** The one that has been open for longest; {@code null} if none is. */
    @Nullable
    Oldest oldest() {
        lock.lock();
        try {
            Holding oldest = first;
            return oldest == null ? null : new Oldest(oldest.revision, oldest.age(), oldest.origin());
        } finally {
            lock.unlock();
        }
    }

    private void append(Holding holding) {
        Holding before = last;
        holding.before = before;
        if (before == null) {
            first = holding;
        } else {
            before.after = holding;
        }
        last = holding;
        count++;
    }

    private void remove(Holding holding) {
        Holding before = holding.before;
        Holding after = holding.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        count--;
    }

    /** An open snapshot; knows nothing of the snapshot itself, so that it can outlive it. */
    final class Holding implements Runnable {
        private final long revision;
        private final long openedNanos;
        private final String thread = Thread.currentThread().getName();
        private @Nullable String place;
        private Cleaner.@Nullable Cleanable registration;
        private volatile boolean closed;

        // Guarded by the lock.
        private @Nullable Holding before;
        private @Nullable Holding after;

        private Holding(long revision, long openedNanos) {
            this.revision = revision;
            this.openedNanos = openedNanos;
        }

        /** The snapshot was closed; called once. */
        void close() {
            closed = true;
            if (registration != null) {
                registration.clean();
            }
        }

        /** Ends it, once: when it is closed, or when nobody can close it any more. */
        @Override
        public void run() {
            lock.lock();
            try {
                remove(this);
            } finally {
                lock.unlock();
            }
            if (!closed) {
                System.getLogger(OpenSnapshots.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "A snapshot of revision " + revision + ", opened "
                                        + age().toSeconds() + " s ago " + origin()
                                        + ", was never closed and kept the memory of its revision until it was collected."
                                        + " Close snapshots, for instance with try-with-resources.");
            }
        }

        private Duration age() {
            return Duration.ofNanos(System.nanoTime() - openedNanos);
        }

        private String origin() {
            String known = place;
            return "by thread " + thread + (known == null ? ", one of many" : " at " + known);
        }
    }
}
