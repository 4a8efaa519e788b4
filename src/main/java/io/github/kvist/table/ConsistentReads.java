// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.KvException;
import io.github.kvist.api.TransactionOptions;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads that belong together. Where a system has no snapshots, what was read may have moved before the rest is: then all of it is
 * read again, for as long as a transaction would be tried. Immutable.
 */
final class ConsistentReads {

    private static final long PAUSE_MICROS_MAX = 5_000;

    private final boolean mayMove;

    ConsistentReads(boolean mayMove) {
        this.mayMove = mayMove;
    }

    /**
     * Runs {@code reads}, perhaps more than once.
     *
     * @throws KvException.Conflict if writers were faster every time
     */
    <R extends @Nullable Object> R run(Supplier<? extends R> reads) {
        if (!mayMove) {
            return reads.get();
        }
        long began = System.nanoTime();
        while (true) {
            try {
                return reads.get();
            } catch (KvException.Conflict moved) {
                if (System.nanoTime() - began
                        > TransactionOptions.defaults().timeout().toNanos()) {
                    throw moved;
                }
            }
            long pause = ThreadLocalRandom.current().nextLong(PAUSE_MICROS_MAX);
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(pause));
        }
    }
}
