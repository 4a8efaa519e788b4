// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Keeps count, and tells a listener on the thread that works. Written by one thread at a time, read by any. */
final class Tally {

    static final long UNKNOWN = -1;

    private final Consumer<? super Progress> listener;
    private final LongConsumer lags;
    private volatile Progress progress = new Progress(Phase.IDLE, 0, UNKNOWN, 0, 0, 0, 0, 0, Optional.empty());
    // Touched by the thread that works.
    private Phase phase = Phase.IDLE;
    private @Nullable Phase special;
    private long copied;
    private long expected = UNKNOWN;
    private long applied;
    private long verified;
    private long repaired;
    private long position;
    private long lag;
    private @Nullable String trouble;

    /**
     * Counts from zero.
     *
     * @param lags is told each time that the lag was measured
     */
    Tally(Consumer<? super Progress> listener, LongConsumer lags) {
        this.listener = listener;
        this.lags = lags;
    }

    Progress progress() {
        return progress;
    }

    void expect(long entries) {
        expected = entries;
    }

    void repaired(long entries) {
        repaired += entries;
    }

    /** A phase that the journal does not know of; {@code null}: no longer. */
    void during(@Nullable Phase what) {
        special = what;
        verified = what == Phase.VERIFYING ? 0 : verified;
        publish();
    }

    void verified(long entries) {
        verified = entries;
        publish();
    }

    /** Something stands in the way; {@code null}: no longer. */
    void trouble(@Nullable String what) {
        trouble = what;
        publish();
    }

    void at(Journal journal, long taken, long newest) {
        phase = switch (journal.stage()) {
            case COPYING -> journal.isRepairing() ? Phase.REPAIRING : Phase.COPYING;
            case FOLLOWING -> Phase.FOLLOWING;
            case CUT_OVER -> Phase.CUT_OVER;
        };
        copied = journal.copied();
        applied = journal.applied();
        position = taken;
        lag = Math.max(0, newest - taken);
        lags.accept(lag);
        publish();
    }

    private void publish() {
        progress = new Progress(
                special == null ? phase : special,
                copied,
                expected,
                applied,
                verified,
                repaired,
                position,
                lag,
                Optional.ofNullable(trouble));
        listener.accept(progress);
    }
}
