// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.KvException;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent;
import io.github.kvist.api.WatchOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A watch of the current store. When that changes, revisions are counted anew: it tells a gap, and goes on with the first commit that
 * was made in the new one.
 */
final class SwitchingWatch implements Watch {

    /** How long it takes at most to notice that the store has changed. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Gate gate;
    private final WatchOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Gate.Epoch epoch;
    private volatile Watch watch;
    // Guarded by the lock.
    private long lastSeen;
    private volatile boolean closed;

    SwitchingWatch(Gate gate, WatchOptions options) {
        this.gate = gate;
        this.options = options;
        gate.enter();
        try {
            this.epoch = gate.epoch();
            this.lastSeen = options.from().orElse(epoch.store().revision());
            this.watch = epoch.store().watch(options);
        } finally {
            gate.leave();
        }
    }

    @Override
    public @Nullable WatchEvent next(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + nanos(timeout);
        if (!lock.tryLock(Math.max(0, nanos(timeout)), TimeUnit.NANOSECONDS)) {
            return null;
        }
        try {
            while (true) {
                Duration rest = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
                WatchEvent event = watch.next(rest.compareTo(LOOK) < 0 ? rest : LOOK);
                if (isOver(event) && !closed) {
                    event = moved();
                }
                if (event != null) {
                    lastSeen = event instanceof WatchEvent.Committed committed ? committed.revision() : lastSeen;
                    return event;
                }
                if (end - System.nanoTime() <= 0) {
                    return null;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether all that was written to the store of this epoch has been told. */
    private boolean isOver(@Nullable WatchEvent event) {
        if (event instanceof WatchEvent.Committed committed) {
            return committed.revision() > epoch.end();
        }
        return event == null && epoch.hasEnded();
    }

    private static long nanos(Duration timeout) {
        return timeout.toSeconds() > Integer.MAX_VALUE ? Long.MAX_VALUE / 4 : timeout.toNanos();
    }

    private WatchEvent moved() {
        Watch before = watch;
        gate.enter();
        try {
            epoch = gate.epoch();
            watch = epoch.store().watch(options.from(epoch.since()));
        } finally {
            gate.leave();
        }
        before.close();
        if (closed) {
            watch.close();
            throw new KvException.Closed("The watch was closed. Open another, from the revision of the last event.");
        }
        return new WatchEvent.Gap(lastSeen, epoch.since() + 1);
    }

    @Override
    public void close() {
        closed = true;
        watch.close();
    }
}
