// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/** Where a fork left its origin, or came back to it last. Safe for any number of threads. */
final class ForkPoint {

    private final Committer origin;
    private final ReentrantLock merging = new ReentrantLock();
    // Guarded by the lock.
    private Root base;

    ForkPoint(Committer origin, Root base) {
        this.origin = origin;
        this.base = base;
    }

    boolean isOn(Committer committer) {
        return origin == committer;
    }

    /** Hands over the base and {@code changed}, which is the base from then on unless {@code merge} throws. */
    void merge(Root changed, BiConsumer<Root, Root> merge) {
        merging.lock();
        try {
            // Another thread may have merged a newer state meanwhile.
            if (changed.revision > base.revision) {
                merge.accept(base, changed);
                base = changed;
            }
        } finally {
            merging.unlock();
        }
    }
}
