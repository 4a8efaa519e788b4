// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Outcome;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent;
import io.github.kvist.api.WatchOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A commit whose request or reply is lost happens once or not at all, and its caller learns which. */
abstract class RemoteCommitsContract extends RemoteContract {

    @ParameterizedTest
    @EnumSource
    void aFaultThatPassesLeavesNothingTwiceAndNothingUntold(Proxy.Fault fault) {
        long before = counted();
        proxy().onRequest("passing", 1, fault);

        Told told = inTime(() -> add("passing"));

        requireTrue(told, "passing", before);
    }

    @ParameterizedTest
    @EnumSource
    void aFaultThatStaysIsTold(Proxy.Fault fault) {
        long before = counted();
        proxy().onRequest("staying", Integer.MAX_VALUE, fault);

        Told told = inTime(() -> add("staying"));

        assertThat(told.isAcknowledged()).isFalse();
        proxy().heal();
        requireTrue(told, "staying", before);
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT_AFTER", "LOSE_REPLY"})
    void whatArrivedWithoutAReplyIsFoundCommitted(Proxy.Fault fault) {
        proxy().onRequest("arrived", Integer.MAX_VALUE, fault);

        Told told = inTime(() -> add("arrived"));

        assertThat(told.failure()).isInstanceOf(KvException.OutcomeUnknown.class);
        proxy().heal();
        assertThat(store().outcome(told.transactionId())).isEqualTo(Outcome.COMMITTED);
        assertThat(store().outcome(told.transactionId())).isEqualTo(Outcome.COMMITTED);
    }

    @Test
    void whatIsStillOnItsWayNeverHappensOnceItWasToldRolledBack() throws InterruptedException {
        long before = counted();
        proxy().onRequest("late", Integer.MAX_VALUE, Proxy.Fault.HOLD);
        Told told = inTime(() -> add("late"));
        assertThat(told.failure()).isInstanceOf(KvException.OutcomeUnknown.class);
        proxy().heal();
        try (KvStore other = openDirectly()) {
            assertThat(other.outcome(told.transactionId())).isEqualTo(Outcome.ROLLED_BACK);
        }

        proxy().release();

        assertThat(store().in(WORDS).contains("late")).isFalse();
        assertThat(store().outcome(told.transactionId())).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(counted()).isEqualTo(before);
    }

    @Test
    void whatIsStillOnItsWayHappensOnceThoughItWasSentAgain() throws InterruptedException {
        long before = counted();
        proxy().onRequest("again", 1, Proxy.Fault.HOLD);
        Told told = inTime(() -> add("again"));

        proxy().release();

        requireTrue(told, "again", before);
    }

    /** What read nothing would pass every check a second time: only the watch shows how often it happened. */
    @ParameterizedTest
    @EnumSource(names = {"CUT_AFTER", "HOLD"})
    void aWriteThatReadNothingHappensOnceThoughItWasSentAgain(Proxy.Fault fault) throws InterruptedException {
        List<Object> seen = new ArrayList<>();
        try (Watch watch = store().watch(WatchOptions.of(WORDS))) {
            proxy().onRequest("blind", 1, fault);
            Told told = inTime(() -> store().in(WORDS).put("blind", "blind"));
            proxy().release();
            store().in(WORDS).put("last", "word");

            await("the watch has seen the last word", () -> {
                look(watch, seen);
                return seen.contains("last");
            });
            assertThat(seen).doesNotHaveDuplicates();
            assertThat(seen.contains("blind") || !told.isAcknowledged()).isTrue();
        }
    }

    private static void look(Watch watch, List<Object> seen) {
        try {
            if (watch.next(Duration.ofMillis(10)) instanceof WatchEvent.Committed committed) {
                committed.changes().forEach(change -> seen.add(change.key()));
            }
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    @Test
    void aPutThatIsRefusedLeavesNothing() {
        proxy().refuse();
        proxy().cut();

        Told told = inTime(() -> store().in(WORDS).put("refused", "put"));

        assertThat(told.isAcknowledged()).isFalse();
        proxy().heal();
        assertThat(store().in(WORDS).contains("refused"))
                .isEqualTo(told.isUnknown() && store().outcome(told.transactionId()) == Outcome.COMMITTED);
    }

    @Test
    void theStoreGoesOnAfterAllItsConnectionsWereCut() {
        for (int i = 0; i < 3; i++) {
            proxy().cut();
            add("after" + i);
            proxy().cut();
            assertThat(store().in(WORDS).get("after" + i)).contains("after" + i);
        }
    }

    @Test
    void onALineThatBreaksAllTheTimeEveryWriteIsToldTruly() throws InterruptedException {
        long before = counted();
        proxy().onSome(30, 1, Proxy.Fault.CUT_BEFORE);
        proxy().onSome(30, 2, Proxy.Fault.CUT_AFTER);

        try (RemoteLoad load = RemoteLoad.start(store(), 4, 30)) {
            load.join();
            proxy().heal();

            try (KvStore other = openDirectly()) {
                load.requireTrueIn(other, before);
            }
            assertThat(load.acknowledged()).isPositive();
        }
    }
}
