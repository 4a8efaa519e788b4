// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.optimistic;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Isolation;
import io.github.kvist.api.KvException;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Branching;
import io.github.kvist.backend.View;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Optimistic transactions over any backend. Safe for any number of threads.
 *
 * <p>A closure that loses runs again, after a pause that grows and differs from run to run, because those it lost to may be in
 * other processes; after some losses it also keeps the other transactions of this process from committing meanwhile.
 */
public final class Optimistic implements Branching {

    /** After so many conflicts a closure no longer competes with others of this process. */
    private static final int BESIDE_OTHERS = 4;

    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();
    private static final int PAUSE_DOUBLINGS = 6;

    private final Backend backend;
    private final Durability durability;
    private final Turns turns = new Turns();

    /**
     * Transactions of {@code backend}.
     *
     * @param durability of those that do not ask for one
     */
    public Optimistic(Backend backend, Durability durability) {
        this.backend = backend;
        this.durability = durability;
    }

    @Override
    public Branch begin(TransactionOptions options) {
        Branch branch = overlay(options);
        branch.revision(); // from now on, not from the first read on
        return branch;
    }

    @Override
    public Branch scratch(View view) {
        return OverlayBranch.scratch(backend, view);
    }

    private OverlayBranch overlay(TransactionOptions options) {
        Durability asked = options.durability();
        boolean isSerializable = options.isolation() == Isolation.SERIALIZABLE;
        return OverlayBranch.of(backend, isSerializable, asked == null ? durability : asked);
    }

    @Override
    public <R extends @Nullable Object> R commit(
            TransactionOptions options, Function<? super Branch, ? extends R> work) {
        long began = System.nanoTime();
        // A time beyond what nanoTime can tell is no limit.
        long nanos = options.timeout().toSeconds() > Integer.MAX_VALUE
                ? Long.MAX_VALUE
                : options.timeout().toNanos();
        for (int conflicts = 0; ; conflicts++) {
            try {
                return conflicts < BESIDE_OTHERS ? runBesideOthers(options, work) : runAlone(options, work);
            } catch (KvException.Conflict lost) {
                if (conflicts >= options.retries() || System.nanoTime() - began >= nanos) {
                    throw lost;
                }
            }
            pause(conflicts);
        }
    }

    private <R extends @Nullable Object> R runBesideOthers(
            TransactionOptions options, Function<? super Branch, ? extends R> work) {
        try (OverlayBranch branch = overlay(options)) {
            R result = work.apply(branch);
            turns.shared(branch::commit);
            return result;
        }
    }

    private <R extends @Nullable Object> R runAlone(
            TransactionOptions options, Function<? super Branch, ? extends R> work) {
        return turns.alone(() -> {
            try (OverlayBranch branch = overlay(options)) {
                R result = work.apply(branch);
                branch.commit();
                return result;
            }
        });
    }

    /** Full jitter: two that collided once are unlikely to do so again. */
    private static void pause(int conflicts) {
        long longest = PAUSE_NANOS << Math.min(conflicts, PAUSE_DOUBLINGS);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
    }
}
