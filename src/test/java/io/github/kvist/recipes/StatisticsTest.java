// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.recipes;

import static io.github.kvist.recipes.Statistics.COUNTS;
import static io.github.kvist.recipes.Statistics.KEPT;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Pair;
import io.github.kvist.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatisticsTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int THREADS = 4;
    private static final int ROUNDS = 300;

    @TempDir
    private Path directory;

    private final SettableClock clock = new SettableClock(NOON);
    private KvStore store;
    private Statistics statistics;

    @BeforeEach
    void open() {
        store = Kvist.open(
                "file:" + directory.resolve("app") + "?durability=os",
                Options.defaults().clock(clock));
        statistics = new Statistics(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aRangeTakesItsFirstMinuteAndNotItsEnd() {
        countOnceAMinute("page", 10);

        assertThat(statistics.sum("page", minute(2), minute(5))).isEqualTo(3);
        assertThat(statistics.sum("page", minute(0), minute(10))).isEqualTo(10);
        assertThat(statistics.sum("page", minute(5), minute(5))).isZero();
    }

    @Test
    void metricsDoNotMixEvenIfOneNameBeginsWithAnother() {
        countOnceAMinute("page", 3);
        countOnceAMinute("pages", 5);

        assertThat(statistics.sum("page", minute(0), minute(10))).isEqualTo(3);
        assertThat(statistics.last("page", 10)).hasSize(3);
    }

    @Test
    void whatHappensWithinAMinuteSharesABucket() {
        statistics.count("page", NOON);
        statistics.count("page", NOON.plusSeconds(59));
        statistics.count("page", NOON.plusSeconds(60));

        assertThat(store.in(COUNTS).count()).isEqualTo(2);
        assertThat(statistics.last("page", 5)).containsExactly(Map.entry(NOON, 2L), Map.entry(minute(1), 1L));
    }

    @Test
    void theLastMinutesAreTheNewest() {
        countOnceAMinute("page", 10);

        assertThat(statistics.last("page", 2)).containsOnlyKeys(minute(8), minute(9));
    }

    @Test
    void noCountIsLost() throws Exception {
        Together.run(THREADS, thread -> () -> {
            for (int i = 0; i < ROUNDS; i++) {
                statistics.count("page", NOON);
            }
            return null;
        });

        assertThat(statistics.sum("page", NOON, minute(1))).isEqualTo((long) THREADS * ROUNDS);
    }

    @Test
    void aSumIsOfOneMoment() throws Exception {
        AtomicInteger open = new AtomicInteger(2);
        // From one minute to the next and back: whenever one looks, all of it is in one of the two.
        statistics.count(Map.of("moved", 1_000L), NOON);
        Together.run(3, thread -> () -> {
            if (thread == 2) {
                do {
                    assertThat(statistics.sum("moved", NOON, minute(2))).isEqualTo(1_000);
                } while (open.get() > 0);
                return null;
            }
            for (int i = 0; i < ROUNDS; i++) {
                long amount = thread == 0 ? 1 : -1;
                store.update(tx -> {
                    tx.in(COUNTS).compute(key(0), old -> old == null ? -amount : old - amount);
                    tx.in(COUNTS).compute(key(1), old -> old == null ? amount : old + amount);
                });
            }
            open.decrementAndGet();
            return null;
        });
    }

    @Test
    void metricsOfOneCommitAreCountedTogether() throws Exception {
        AtomicInteger open = new AtomicInteger(1);
        Together.run(2, thread -> () -> {
            if (thread == 1) {
                do {
                    boolean isWhole = store.read(tx -> tx.in(COUNTS).count() % 2 == 0);
                    assertThat(isWhole).isTrue();
                } while (open.get() > 0);
                return null;
            }
            for (int i = 0; i < ROUNDS; i++) {
                statistics.count(Map.of("requests", 1L, "bytes", 512L), minute(i));
            }
            open.decrementAndGet();
            return null;
        });

        assertThat(statistics.sum("bytes", NOON, minute(ROUNDS))).isEqualTo(512L * ROUNDS);
    }

    @Test
    void forgettingTakesOldMinutesOfOneMetric() {
        countOnceAMinute("page", 10);
        countOnceAMinute("other", 10);

        assertThat(statistics.forget("page", minute(4))).isEqualTo(4);

        assertThat(statistics.last("page", 20)).hasSize(6).containsKey(minute(4));
        assertThat(statistics.last("other", 20)).hasSize(10);
    }

    @Test
    void bucketsGoSomeTimeAfterTheirLastCount() {
        statistics.count("page", NOON);
        statistics.count("late", NOON);
        clock.move(Duration.ofDays(1));
        statistics.count("late", NOON);

        clock.set(NOON.plus(KEPT));

        assertThat(statistics.sum("page", NOON, minute(1))).isZero();
        assertThat(statistics.sum("late", NOON, minute(1))).isEqualTo(2);
    }

    @Test
    void countsSurviveARestart() {
        countOnceAMinute("page", 10);

        close();
        open();

        assertThat(statistics.sum("page", minute(0), minute(10))).isEqualTo(10);
    }

    private void countOnceAMinute(String metric, int minutes) {
        for (int i = 0; i < minutes; i++) {
            statistics.count(metric, minute(i));
        }
    }

    private static Pair<String, Instant> key(int minute) {
        return new Pair<>("moved", minute(minute));
    }

    private static Instant minute(int number) {
        return NOON.plus(MINUTE.multipliedBy(number));
    }
}
