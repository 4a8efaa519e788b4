// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import org.jspecify.annotations.Nullable;

/**
 * A write of this thread whose closure runs, and the one of another store that it is inside of: a write inside a write of the
 * same store would wait for itself.
 */
record Writing(TableStore store, @Nullable Writing outer) {

    /** The innermost write of each thread. One for all stores: a thread would remember each store that it ever asked. */
    private static final ThreadLocal<@Nullable Writing> INNERMOST = new ThreadLocal<>();

    /** Notes that a write of {@code store} begins on this thread; to be ended on it. */
    static Writing begin(TableStore store) {
        Writing begun = new Writing(store, INNERMOST.get());
        INNERMOST.set(begun);
        return begun;
    }

    void end() {
        INNERMOST.set(outer);
    }

    /** Whether this thread is inside a write of {@code store}. */
    static boolean isIn(TableStore store) {
        Writing write = INNERMOST.get();
        while (write != null && write.store != store) {
            write = write.outer;
        }
        return write != null;
    }
}
