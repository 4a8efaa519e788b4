// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What outlives a {@link ReferenceBackend}, and is shared by those that are open at once: the newest states, and who draws what. */
final class ReferenceData {

    /** Transactions that last longer conflict, and feeds that begin earlier are told of a gap. */
    private static final int STATES_KEPT = 1000;

    final AtomicLong latestInstant = new AtomicLong();
    final AtomicLong stamps = new AtomicLong();
    final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    // Guarded by the lock.
    private final Map<Long, ReferenceState> states = new HashMap<>();
    private volatile ReferenceState head = ReferenceState.EMPTY;

    ReferenceData() {
        states.put(head.revision(), head);
    }

    ReferenceState head() {
        return head;
    }

    /** To be called with the lock. */
    @Nullable
    ReferenceState at(long revision) {
        return states.get(revision);
    }

    /** The oldest revision that is kept; to be called with the lock. */
    long oldest() {
        return Math.max(0, head.revision() - STATES_KEPT + 1);
    }

    /** Makes {@code next} visible; to be called with the lock. */
    void advance(ReferenceState next) {
        states.put(next.revision(), next);
        states.remove(next.revision() - STATES_KEPT);
        head = next;
        advanced.signalAll();
    }

    /** Waits until something is committed, or somebody looks up; to be called with the lock. */
    long await(long nanos) throws InterruptedException {
        return advanced.awaitNanos(nanos);
    }

    void wake() {
        lock.lock();
        try {
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
