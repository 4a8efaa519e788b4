// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.Version;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.api.WriteTransaction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MigrationTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final KvStore source = Kvist.inMemory();
    private final KvStore target = Kvist.inMemory();
    private final Migration migration = Migration.from(source).to(target);
    private final KvStore store = migration.store();

    @AfterEach
    void closeStores() {
        store.close();
    }

    @Test
    void theApplicationWorksWithTheTargetAfterTheMove() throws Exception {
        Samples.fill(store, 0, 1_000);
        TableWriter<String, String> words = store.in(Samples.WORDS);
        migration.start();

        CutOver cut = migration.cutOver();
        words.put("after", "the move");

        assertThat(migration.isCutOver()).isTrue();
        assertThat(cut.pause()).isLessThan(Duration.ofSeconds(1));
        assertThat(target.in(Samples.WORDS).get("after")).contains("the move");
        assertThat(words.count()).isEqualTo(1_001);
        assertThat(store.in(Samples.PEOPLE).by(Samples.BY_CITY).eq("city 7").keys())
                .containsExactly("name 7");
    }

    @Test
    void nothingIsLostUnderWriters() throws Exception {
        Samples.fill(store, 0, 10_000);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger counted = new AtomicInteger();
        List<Thread> writers = new ArrayList<>(List.of(Samples.churn(store, stop), Samples.churn(store, stop)));
        Thread counter = new Thread(() -> {
            while (!stop.get()) {
                store.in(Samples.WORDS)
                        .compute("counter", n -> n == null ? "1" : String.valueOf(Integer.parseInt(n) + 1));
                counted.incrementAndGet();
            }
        });
        counter.start();
        writers.add(counter);

        migration.start();
        Verification beside = migration.verify();
        CutOver cut = migration.cutOver();
        int atTheCut = counted.get();
        while (counted.get() < atTheCut + 100) {
            Thread.onSpinWait();
        }
        stop.set(true);
        for (Thread writer : writers) {
            writer.join();
        }

        assertThat(beside.isClean()).isTrue();
        assertThat(cut.pause()).isLessThan(Duration.ofSeconds(1));
        assertThat(target.in(Samples.WORDS).get("counter")).contains(String.valueOf(counted.get()));
        assertThat(migration.verify().isClean()).isTrue();
        migration.awaitCaughtUp();
        assertThat(Samples.contents(source)).isEqualTo(Samples.contents(target));
        assertThat(target.admin().verify().clean()).isTrue();
    }

    @Test
    void writesToTheSourceAreRefusedAfterTheMove() throws Exception {
        source.in(Samples.WORDS).put("a", "1");
        WriteTransaction open = source.begin();
        open.in(Samples.WORDS).put("a", "2");
        migration.start();

        migration.cutOver();

        assertThatThrownBy(() -> source.in(Samples.WORDS).put("a", "3"))
                .isInstanceOf(KvException.Unsupported.class)
                .hasMessageContaining("have moved to");
        assertThatThrownBy(open::commit).isInstanceOf(KvException.Unsupported.class);
        assertThat(source.in(Samples.WORDS).get("a")).contains("1");
    }

    @Test
    void theFenceOutlivesTheProcess(@TempDir Path directory) throws Exception {
        KvStore old = Kvist.open(directory);
        old.in(Samples.WORDS).put("a", "1");
        try (Migration move = Migration.from(old).to(target)) {
            move.start();
            move.cutOver();
            move.finish();
        }
        old.close();

        try (KvStore again = Kvist.open(directory)) {
            assertThatThrownBy(() -> again.in(Samples.WORDS).put("a", "2"))
                    .isInstanceOf(KvException.Unsupported.class)
                    .hasMessageContaining("have moved to");
            assertThat(again.in(Samples.WORDS).get("a")).contains("1");

            Migration.takeFenceDown(again);

            again.in(Samples.WORDS).put("a", "2");
        }
        try (KvStore again = Kvist.open(directory)) {
            again.in(Samples.WORDS).put("a", "3");
        }
    }

    @Test
    void rollingBackLosesNothing() throws Exception {
        Samples.fill(store, 0, 1_000);
        migration.start();
        migration.cutOver();
        store.in(Samples.WORDS).put("after", "the move");
        store.in(Samples.WORDS).delete("word 7");

        CutOver back = migration.rollBack();
        store.in(Samples.WORDS).put("home", "again");

        assertThat(back.pause()).isLessThan(Duration.ofSeconds(1));
        assertThat(migration.isCutOver()).isFalse();
        assertThat(source.in(Samples.WORDS).get("after")).contains("the move");
        assertThat(source.in(Samples.WORDS).get("word 7")).isEmpty();
        assertThat(source.in(Samples.WORDS).get("home")).contains("again");
        migration.awaitCaughtUp();
        assertThat(Samples.contents(target)).isEqualTo(Samples.contents(source));
    }

    @Test
    void afterRollingBackOneCanMoveAgain() throws Exception {
        Samples.fill(store, 0, 1_000);
        migration.start();
        migration.cutOver();
        migration.rollBack();
        store.in(Samples.WORDS).put("home", "again");

        migration.cutOver();
        store.in(Samples.WORDS).put("away", "again");

        assertThat(target.in(Samples.WORDS).get("home")).contains("again");
        assertThat(target.in(Samples.WORDS).get("away")).contains("again");
        assertThat(migration.verify().isClean()).isTrue();
    }

    @Test
    void aTransactionThatBeganBeforeTheMoveConflicts() throws Exception {
        source.in(Samples.WORDS).put("a", "1");
        migration.start();
        try (WriteTransaction open = store.begin()) {
            open.in(Samples.WORDS).put("a", "2");

            migration.cutOver();

            assertThat(open.in(Samples.WORDS).get("a")).contains("2");
            assertThatThrownBy(open::commit).isInstanceOf(KvException.Conflict.class);
        }
        assertThat(store.in(Samples.WORDS).get("a")).contains("1");
    }

    @Test
    void aSnapshotOfTheSourceStaysReadable() throws Exception {
        source.in(Samples.WORDS).put("a", "1");
        migration.start();
        try (Snapshot before = store.snapshot()) {
            migration.cutOver();
            store.in(Samples.WORDS).put("a", "2");

            assertThat(before.in(Samples.WORDS).get("a")).contains("1");
        }
    }

    @Test
    void aWatchTellsAGapAndGoesOnInTheTarget() throws Exception {
        migration.start();
        try (Watch watch = store.watch(WatchOptions.all())) {
            store.in(Samples.WORDS).put("a", "1");
            assertThat(watch.next(SOON)).isInstanceOf(WatchEvent.Committed.class);

            migration.cutOver();
            store.in(Samples.WORDS).put("a", "2");

            assertThat(watch.next(SOON)).isInstanceOf(WatchEvent.Gap.class);
            WatchEvent next = watch.next(SOON);
            assertThat(next).isInstanceOf(WatchEvent.Committed.class);
            assertThat(((WatchEvent.Committed) next).changes().get(0).after()).isEqualTo("2");
            assertThat(watch.next(Duration.ZERO)).isNull();
        }
    }

    @Test
    void aWriteUnderWayEndsBeforeTheMove() throws Exception {
        source.in(Samples.WORDS).put("a", "1");
        migration.start();
        migration.awaitCaughtUp();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Thread slow = new Thread(() -> store.update(tx -> {
            tx.in(Samples.WORDS).put("a", "slow");
            inside.countDown();
            await(mayEnd);
        }));
        slow.start();
        inside.await();

        Thread mover = new Thread(() -> {
            try {
                migration.cutOver();
            } catch (InterruptedException unexpected) {
                throw new IllegalStateException(unexpected);
            }
        });
        mover.start();
        assertThat(migration.isCutOver()).isFalse();
        mayEnd.countDown();
        mover.join();
        slow.join();

        assertThat(store.in(Samples.WORDS).get("a")).contains("slow");
        assertThat(migration.isCutOver()).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    @Test
    void aPauseThatWouldBeTooLongIsGivenUp() throws Exception {
        try (KvStore from = Kvist.inMemory();
                KvStore to = Kvist.inMemory();
                Migration hasty = Migration.from(from)
                        .pausingAtMost(Duration.ofMillis(10))
                        .to(to)) {
            from.in(Samples.WORDS).put("a", "1");
            hasty.start();
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch mayEnd = new CountDownLatch(1);
            Thread endless = new Thread(() -> hasty.store().update(tx -> {
                inside.countDown();
                await(mayEnd);
            }));
            endless.start();
            inside.await();

            assertThatThrownBy(hasty::cutOver)
                    .isInstanceOf(KvException.Unavailable.class)
                    .hasMessageContaining("10 ms");
            assertThat(hasty.isCutOver()).isFalse();
            hasty.store().in(Samples.WORDS).put("a", "2");

            mayEnd.countDown();
            endless.join();
            hasty.cutOver();
            assertThat(to.in(Samples.WORDS).get("a")).contains("2");
        }
    }

    @Test
    void aVersionThatSomebodyRemembersIsNeverGivenAgain() throws Exception {
        for (int i = 0; i < 10; i++) {
            source.in(Samples.WORDS).put("a", "source " + i);
        }
        Version remembered = source.in(Samples.WORDS).entry("a").orElseThrow().version();
        source.in(Samples.WORDS).delete("a");
        migration.start();
        migration.cutOver();

        for (int i = 0; i < 100; i++) {
            store.in(Samples.WORDS).put("a", "target " + i);

            assertThat(store.in(Samples.WORDS).entry("a").orElseThrow().version())
                    .isNotEqualTo(remembered);
        }
    }

    @Test
    void aVersionReadBeforeTheMoveServesAfterIt() throws Exception {
        store.in(Samples.WORDS).put("a", "1");
        Version version = store.in(Samples.WORDS).entry("a").orElseThrow().version();
        migration.start();
        migration.cutOver();

        assertThat(store.in(Samples.WORDS).replace("a", version, "2")).isTrue();
        assertThat(store.in(Samples.WORDS).replace("a", version, "3")).isFalse();
    }

    @Test
    void withoutAMoveThereIsNothingToTakeBackOrToFinish() throws Exception {
        migration.start();

        assertThatThrownBy(migration::rollBack).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(migration::finish).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(migration::start).isInstanceOf(IllegalStateException.class);
    }
}
