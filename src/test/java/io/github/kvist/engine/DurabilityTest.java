// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException.Closed;
import io.github.kvist.api.KvException.Conflict;
import io.github.kvist.api.KvException.OutcomeUnknown;
import io.github.kvist.api.KvException.Unavailable;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.Feed;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DurabilityTest {

    private final EngineFixture store = EngineFixture.fresh();

    @Test
    void nothingIsVisibleBeforeItIsDurable() throws Exception {
        store.storage.hold();
        CompletableFuture<Void> writer =
                CompletableFuture.runAsync(() -> store.put("k", "v"), EngineFixture.OWN_THREAD);
        awaitWriting();

        assertThat(writer).isNotDone();
        assertThat(store.get("k")).isNull();
        assertThat(store.engine.revision()).isZero();

        store.storage.letThrough(1);

        writer.get(30, TimeUnit.SECONDS);
        assertThat(store.get("k")).isEqualTo("v");
        assertThat(store.afterCrash().get("k")).isEqualTo("v");
    }

    private void awaitWriting() {
        while (!store.storage.isWaiting()) {
            Thread.onSpinWait();
        }
    }

    private void awaitApplied(long revision) {
        while (store.engine.appliedRevision() < revision) {
            Thread.onSpinWait();
        }
    }

    /** Its dispatcher is woken by the first commit, while the second waits for the disk. */
    @Test
    void aWatchIsToldNothingThatIsNotDurable() throws Exception {
        store.storage.hold();
        try (Feed feed = store.engine.follow(new Scope.Keyspaces(""), OptionalLong.empty(), 10)) {
            CompletableFuture<Void> first =
                    CompletableFuture.runAsync(() -> store.put("k", "1"), EngineFixture.OWN_THREAD);
            awaitWriting();
            CompletableFuture<Void> second =
                    CompletableFuture.runAsync(() -> store.put("k", "2"), EngineFixture.OWN_THREAD);
            awaitApplied(2);

            store.storage.letThrough(1);

            first.get(30, TimeUnit.SECONDS);
            assertThat(feed.next(Duration.ofSeconds(30))).isNotNull();
            assertThat(feed.next(Duration.ofMillis(50))).isNull();
            store.storage.letAllThrough();
            second.get(30, TimeUnit.SECONDS);
            assertThat(feed.next(Duration.ofSeconds(30))).isNotNull();
        }
    }

    @Test
    void commitsThatWaitShareOneFrame() throws Exception {
        store.storage.hold();
        CompletableFuture<?>[] writers = new CompletableFuture<?>[12];
        for (int i = 0; i < writers.length; i++) {
            String key = "k" + i;
            writers[i] = CompletableFuture.runAsync(() -> store.put(key, "v"), EngineFixture.OWN_THREAD);
        }
        while (store.engine.appliedRevision() < writers.length) {
            Thread.onSpinWait();
        }
        store.storage.letAllThrough();

        CompletableFuture.allOf(writers).get(30, TimeUnit.SECONDS);
        assertThat(store.all()).hasSize(writers.length);
        assertThat(store.storage.frames()).isLessThanOrEqualTo(2);
    }

    @Test
    void aFailedAppendPoisonsTheWriterAndReadsGoOn() {
        store.put("k", "kept");
        store.storage.failFrom(1);

        assertThatThrownBy(() -> store.put("k", "lost"))
                .isInstanceOf(OutcomeUnknown.class)
                .hasMessageContaining("heap storage")
                .hasRootCauseMessage("the disk says no");

        assertThat(store.get("k")).isEqualTo("kept");
        store.storage.failFrom(Integer.MAX_VALUE);
        assertThatThrownBy(() -> store.put("k", "refused")).isInstanceOf(Unavailable.class);
        assertThat(store.storage.appends()).isEqualTo(2);
        assertThat(store.get("k")).isEqualTo("kept");
        assertThat(store.afterCrash().get("k")).isEqualTo("kept");
    }

    @Test
    void everyCommitBehindAFailedOneFailsToo() throws Exception {
        store.storage.hold();
        store.storage.failFrom(0);
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> store.put("a", "1"), EngineFixture.OWN_THREAD);
        awaitWriting();
        CompletableFuture<Void> second =
                CompletableFuture.runAsync(() -> store.put("b", "1"), EngineFixture.OWN_THREAD);
        while (store.engine.appliedRevision() < 2) {
            Thread.onSpinWait();
        }

        store.storage.letAllThrough();

        assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(OutcomeUnknown.class);
        assertThatThrownBy(() -> second.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(OutcomeUnknown.class);
        assertThat(store.all()).isEmpty();
    }

    @Test
    void aWeakCommitIsVisibleAtOnceAndReachesTheLogWithTheNextStrongOne() {
        store.put("weak", "1", Durability.MEMORY);
        assertThat(store.get("weak")).isEqualTo("1");

        store.put("strong", "1", Durability.SYNC);

        assertThat(store.afterCrash().all()).isEqualTo(Map.of("weak", "1", "strong", "1"));
    }

    @Test
    void aWeakCommitReachesTheLogByItselfAMomentLater() {
        store.put("weak", "1", Durability.MEMORY);

        while (store.storage.frames() == 0) {
            Thread.onSpinWait();
        }

        assertThat(store.storage.frames()).isEqualTo(1);
    }

    @Test
    void weakCommitsReachTheLogAgainAndAgain() {
        for (int round = 1; round <= 3; round++) {
            int before = store.storage.frames();
            store.put("weak", "first of round " + round, Durability.MEMORY);
            store.put("weak", "last of round " + round, Durability.MEMORY);
            while (store.storage.frames() == before) {
                Thread.onSpinWait();
            }
        }
        store.put("strong", "1");

        assertThat(store.afterCrash().get("weak")).isEqualTo("last of round 3");
    }

    @Test
    void aCommitLargerThanTheBuffersThatAreKeptIsDurableToo() {
        String large = "x".repeat(5 << 20);

        store.put("large", large);
        store.put("small", "1");

        assertThat(store.afterCrash().all()).isEqualTo(Map.of("large", large, "small", "1"));
    }

    @Test
    void aWeakCommitWaitsForTheStrongOneBeforeIt() throws Exception {
        store.storage.hold();
        CompletableFuture<Void> strong =
                CompletableFuture.runAsync(() -> store.put("strong", "1"), EngineFixture.OWN_THREAD);
        while (store.engine.appliedRevision() < 1) {
            Thread.onSpinWait();
        }
        CompletableFuture<Void> weak =
                CompletableFuture.runAsync(() -> store.put("weak", "1", Durability.MEMORY), EngineFixture.OWN_THREAD);
        while (store.engine.appliedRevision() < 2) {
            Thread.onSpinWait();
        }
        assertThat(store.all()).isEmpty();

        store.storage.letAllThrough();

        CompletableFuture.allOf(strong, weak).get(30, TimeUnit.SECONDS);
        assertThat(store.all()).containsOnlyKeys("strong", "weak");
    }

    /** Fifty times, since such a commit reaches the log by itself too, a moment later. */
    @Test
    void closingKeepsWhatNobodyWaitedFor() {
        for (int i = 0; i < 50; i++) {
            EngineFixture open = EngineFixture.fresh();
            open.put("weak", "1", Durability.MEMORY);

            open.engine.close();

            assertThat(open.storage.frames()).isEqualTo(1);
            assertThat(new EngineFixture(open.storage).get("weak")).isEqualTo("1");
        }
    }

    @Test
    void aClosedStoreRefusesEverything() {
        Branch open = store.begin();
        store.put(open, "k", "v");
        store.engine.close();
        store.engine.close();

        assertThatThrownBy(() -> store.get("k")).isInstanceOf(Closed.class);
        assertThatThrownBy(() -> store.put("k", "v")).isInstanceOf(Closed.class);
        assertThatThrownBy(open::commit).isInstanceOf(Closed.class);
        assertThatThrownBy(store.engine::checkpoint).isInstanceOf(Closed.class);
    }

    @Test
    void anInterruptNeitherDisturbsACommitNorIsLost() throws Exception {
        store.storage.hold();
        AtomicBoolean kept = new AtomicBoolean();
        Thread leader = new Thread(() -> store.put("a", "1"));
        leader.start();
        while (store.engine.appliedRevision() < 1) {
            Thread.onSpinWait();
        }
        Thread follower = new Thread(() -> {
            store.put("b", "1");
            kept.set(Thread.currentThread().isInterrupted());
        });
        follower.start();
        while (store.engine.appliedRevision() < 2) {
            Thread.onSpinWait();
        }
        follower.interrupt();
        store.storage.letAllThrough();

        leader.join(30_000);
        follower.join(30_000);
        assertThat(store.all()).containsOnlyKeys("a", "b");
        assertThat(kept).isTrue();
    }

    @Test
    void aRetryWaitsUntilTheCommitItLostToIsVisible() throws Exception {
        store.storage.hold();
        Branch loser = store.begin();
        assertThat(store.get(loser, "k")).isNull();
        store.put(loser, "k", "loser");
        CompletableFuture<Void> winner =
                CompletableFuture.runAsync(() -> store.put("k", "winner"), EngineFixture.OWN_THREAD);
        while (store.engine.appliedRevision() < 1) {
            Thread.onSpinWait();
        }
        CompletableFuture<Long> conflict = CompletableFuture.supplyAsync(loser::commit, EngineFixture.OWN_THREAD);
        assertThat(conflict).isNotDone();

        store.storage.letAllThrough();

        winner.get(30, TimeUnit.SECONDS);
        assertThatThrownBy(() -> conflict.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(Conflict.class);
        assertThat(store.get("k")).isEqualTo("winner");
    }
}
