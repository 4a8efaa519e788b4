// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.KvException;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.backend.Branch;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs a closure on one branch after the other until one commits: first beside others, then alone. */
final class Attempts {

    /** After so many conflicts the closure gets its turn alone. */
    private static final int BESIDE_OTHERS = 4;

    private final Committer committer;
    private final int retries;
    private final long endNanos;

    Attempts(Committer committer, TransactionOptions options) {
        this.committer = committer;
        this.retries = options.retries();
        // A time beyond what nanoTime can tell is no limit.
        long nanos = options.timeout().toSeconds() > Integer.MAX_VALUE
                ? Long.MAX_VALUE / 2
                : options.timeout().toNanos();
        this.endNanos = System.nanoTime() + nanos;
    }

    <R extends @Nullable Object> R run(Supplier<? extends Branch> begin, Function<? super Branch, ? extends R> work) {
        for (int conflicts = 0; ; conflicts++) {
            boolean alone = conflicts >= BESIDE_OTHERS;
            if (alone) {
                committer.takeTurn();
            }
            try (Branch branch = begin.get()) {
                R result = work.apply(branch);
                try {
                    branch.commit();
                    return result;
                } catch (KvException.Conflict lost) {
                    if (conflicts >= retries || System.nanoTime() - endNanos >= 0) {
                        throw lost;
                    }
                }
            } finally {
                if (alone) {
                    committer.endTurn();
                }
            }
        }
    }
}
