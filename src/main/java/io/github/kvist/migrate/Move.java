// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Stamping;
import io.github.kvist.table.Fence;
import io.github.kvist.table.TableStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes the other store the current one, in one of the two directions.
 *
 * <p>First the store that is left is fenced: that is the moment after which nothing is written there. Then what is still on its way is
 * applied, and a commit says that the other one is current. Killed before the fence, nothing has happened; killed behind it, the next
 * process finds it and goes on.
 */
final class Move {

    private static final int ATTEMPTS = 20;
    /** So few commits are applied in no time. */
    private static final long CLOSE = 50;

    private static final Duration BETWEEN = Duration.ofMillis(20);

    /** How far apart the stamps of shared systems are kept: processes whose stamps are not known may have opened them since. */
    private static final long STAMPS_APART = 1L << 52;

    private final Gate gate;
    private final TableStore left;
    private final TableStore next;
    private final Duration pause;
    private final Arrival arrival;

    /** Stores that the next one is current, when everything has been applied to it. */
    interface Arrival {
        /**
         * Stores it.
         *
         * @throws KvException.OutcomeUnknown if nobody can tell whether that is stored; after any other nothing is
         */
        void on(Replication work);
    }

    Move(Gate gate, TableStore left, TableStore next, Duration pause, Arrival arrival) {
        this.gate = gate;
        this.left = left;
        this.next = next;
        this.pause = pause;
        this.arrival = arrival;
    }

    /**
     * Tries, until it is done within the pause.
     *
     * @throws KvException.Unavailable if it was tried often enough
     */
    CutOver run(Replicator replicator) throws InterruptedException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            replicator.awaitCaughtUp();
            int attempts = attempt;
            Optional<CutOver> done = replicator.exclusively(work -> attempt(work, attempts));
            if (done.isPresent()) {
                return done.get();
            }
            TimeUnit.NANOSECONDS.sleep(BETWEEN.toNanos() * attempt);
        }
        throw new KvException.Unavailable(
                "Nothing was moved from " + left.backend().description() + " to "
                        + next.backend().description() + ": " + ATTEMPTS + " times a pause of "
                        + pause.toMillis()
                        + " ms was too short, because transactions under way or the commits to be applied took longer. "
                        + "Let long transactions end, allow a longer pause, or try when there is less to do.",
                null);
    }

    private Optional<CutOver> attempt(Replication work, int attempt) throws InterruptedException {
        if (!comesClose(work)) {
            return Optional.empty();
        }
        separateStamps();
        long began = System.nanoTime();
        if (!gate.close(pause.dividedBy(2))) {
            return Optional.empty();
        }
        try {
            long leftAt = leave(work, began + pause.toNanos());
            if (leftAt < 0) {
                return Optional.empty();
            }
            long arrivedAt = next.backend().revision();
            gate.change(next, arrivedAt, leftAt);
            return Optional.of(new CutOver(Duration.ofNanos(System.nanoTime() - began), attempt, leftAt, arrivedAt));
        } finally {
            gate.open();
        }
    }

    /** Leaves as little as possible for the pause. */
    private boolean comesClose(Replication work) throws InterruptedException {
        long deadline = System.nanoTime() + pause.toNanos();
        long newest;
        do {
            newest = left.backend().revision();
            if (!work.drain(newest, deadline)) {
                return false;
            }
        } while (left.backend().revision() - newest > CLOSE);
        return true;
    }

    /** So that no version that somebody remembers from here is given to another write there. */
    private void separateStamps() {
        if (next.backend() instanceof Stamping stamping) {
            long newest = left.backend().newVersion();
            stamping.newVersionsAbove(left.backend().isShared() ? newest + STAMPS_APART : newest);
        }
    }

    /** Returns the last revision of what was left; -1 if the time was too short, and nothing was changed. */
    private long leave(Replication work, long deadline) throws InterruptedException {
        long last = fence(work);
        boolean isArriving = false;
        try {
            if (!work.drain(last, deadline)) {
                left.fence().lower(List.of());
                return -1;
            }
            // A write of this process that did not go through the gate may have been overtaken by the fence.
            long newest = left.backend().revision();
            if (newest > last && !work.drain(newest, deadline)) {
                left.fence().lower(List.of());
                return -1;
            }
            isArriving = true;
            arrival.on(work);
            return newest;
        } catch (KvException failed) {
            if (!isArriving || !(failed instanceof KvException.OutcomeUnknown)) {
                lowerAfter(failed);
            }
            throw failed;
        }
    }

    private void lowerAfter(KvException failed) {
        try {
            left.fence().lower(List.of());
        } catch (KvException stillUp) {
            failed.addSuppressed(stillUp);
        }
    }

    /** Raises the fence, unless an earlier attempt has; returns the last revision that has to be applied. */
    private long fence(Replication work) {
        if (left.fence().look().isEmpty()) {
            Fence.Raised why =
                    new Fence.Raised(work.journal().id(), next.backend().description());
            try {
                return left.fence().raise(why, List.of());
            } catch (KvException.OutcomeUnknown lost) {
                if (left.fence().look().isEmpty()) {
                    throw lost;
                }
            }
        }
        return left.backend().revision();
    }
}
