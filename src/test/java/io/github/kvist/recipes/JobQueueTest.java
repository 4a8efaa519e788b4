// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.recipes;

import static io.github.kvist.recipes.JobQueue.ATTEMPTS_MAX;
import static io.github.kvist.recipes.JobQueue.DEAD_LETTERS;
import static io.github.kvist.recipes.JobQueue.JOBS;
import static io.github.kvist.recipes.JobQueue.LEASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.recipes.JobQueue.Claim;
import io.github.kvist.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class JobQueueTest {

    private static final Table<String, Long> RESULTS = Table.of("results", Keys.string(), Values.int64());
    private static final Consumer<WriteTransaction> NOTHING = tx -> {};
    private static final Duration TICK = Duration.ofMillis(1);
    private static final int JOB_COUNT = 120;
    private static final int WORKERS = 4;

    @TempDir
    private Path directory;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T08:00:00Z"));
    private KvStore store;
    private JobQueue queue;

    @BeforeEach
    void open() {
        store = Kvist.open(
                "file:" + directory.resolve("app") + "?durability=os",
                Options.defaults().clock(clock));
        queue = new JobQueue(store, clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theJobDueLongestComesFirst() {
        queue.enqueue("late", "", clock.instant().minusSeconds(1));
        queue.enqueue("early", "", clock.instant().minusSeconds(2));
        queue.enqueue("future", "", clock.instant().plusSeconds(1));

        assertThat(queue.claim()).map(Claim::id).contains("early");
        assertThat(queue.claim()).map(Claim::id).contains("late");
        assertThat(queue.claim()).isEmpty();

        clock.move(Duration.ofSeconds(1));
        assertThat(queue.claim()).map(Claim::id).contains("future");
    }

    @Test
    void aJobIsEnqueuedOnce() {
        assertThat(queue.enqueue("mail-7", "first", clock.instant())).isTrue();
        assertThat(queue.enqueue("mail-7", "second", clock.instant())).isFalse();

        Claim claim = queue.claim().orElseThrow();
        assertThat(claim.job().payload()).isEqualTo("first");
        assertThat(queue.enqueue("mail-7", "while it runs", clock.instant())).isFalse();
    }

    @Test
    void nobodyElseGetsAJobWhileItsLeaseLasts() {
        queue.enqueue("job", "", clock.instant());
        assertThat(queue.claim()).isPresent();

        clock.move(LEASE.minus(TICK));
        assertThat(queue.claim()).isEmpty();
        clock.move(TICK);

        assertThat(queue.claim()).hasValueSatisfying(again -> {
            assertThat(again.id()).isEqualTo("job");
            assertThat(again.job().attempts()).isEqualTo(2);
        });
    }

    @Test
    void onlyTheLastHolderCompletesAJob() {
        queue.enqueue("job", "", clock.instant());
        Claim slow = queue.claim().orElseThrow();
        clock.move(LEASE);
        Claim second = queue.claim().orElseThrow();

        assertThat(queue.complete(slow, tx -> tx.in(RESULTS).put("job", 1L))).isFalse();
        assertThat(queue.release(slow, Duration.ZERO)).isFalse();
        assertThat(queue.complete(second, tx -> tx.in(RESULTS).put("job", 2L))).isTrue();
        assertThat(queue.complete(second, tx -> tx.in(RESULTS).put("job", 3L))).isFalse();

        assertThat(store.in(RESULTS).get("job")).contains(2L);
        assertThat(store.in(JOBS).count()).isZero();
    }

    @Test
    void aSlowHolderMayCompleteWhileNobodyElseHasTheJob() {
        queue.enqueue("job", "", clock.instant());
        Claim slow = queue.claim().orElseThrow();

        clock.move(LEASE.multipliedBy(2));

        assertThat(queue.complete(slow, NOTHING)).isTrue();
    }

    @Test
    void aResultThatFailsLeavesTheJobWithItsHolder() {
        queue.enqueue("job", "", clock.instant());
        Claim claim = queue.claim().orElseThrow();

        assertThatThrownBy(() -> queue.complete(claim, tx -> {
                    tx.in(RESULTS).put("job", 1L);
                    throw new IllegalArgumentException("no good");
                }))
                .hasMessage("no good");

        assertThat(store.in(RESULTS).count()).isZero();
        assertThat(queue.complete(claim, NOTHING)).isTrue();
    }

    @Test
    void aReleasedJobComesBackAfterItsDelay() {
        queue.enqueue("job", "", clock.instant());
        Claim claim = queue.claim().orElseThrow();

        assertThat(queue.release(claim, Duration.ofSeconds(10))).isTrue();

        assertThat(queue.claim()).isEmpty();
        clock.move(Duration.ofSeconds(10));
        assertThat(queue.claim()).map(again -> again.job().attempts()).contains(2);
        assertThat(queue.complete(claim, NOTHING)).isFalse();
    }

    @Test
    void aJobThatAlwaysFailsEndsAmongTheDeadLetters() {
        queue.enqueue("job", "poison", clock.instant());

        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            assertThat(store.in(DEAD_LETTERS).count()).isZero();
            queue.release(queue.claim().orElseThrow(), Duration.ZERO);
        }

        assertThat(queue.claim()).isEmpty();
        assertThat(store.in(JOBS).count()).isZero();
        assertThat(store.in(DEAD_LETTERS).get("job")).hasValueSatisfying(dead -> {
            assertThat(dead.payload()).isEqualTo("poison");
            assertThat(dead.attempts()).isEqualTo(ATTEMPTS_MAX);
        });
    }

    @Test
    void aJobThatKillsItsWorkersEndsAmongTheDeadLetters() {
        queue.enqueue("killer", "", clock.instant());
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            assertThat(queue.claim()).isPresent();
            clock.move(LEASE);
        }
        clock.move(TICK); // "killer" is due first
        queue.enqueue("good", "", clock.instant());

        assertThat(queue.claim()).map(Claim::id).contains("good");

        assertThat(store.in(DEAD_LETTERS).contains("killer")).isTrue();
        assertThat(store.in(JOBS).contains("killer")).isFalse();
    }

    @Test
    void aLateReleaseDoesNotTouchAJobThatWasEnqueuedAgain() {
        queue.enqueue("job", "old", clock.instant());
        for (int attempt = 1; attempt < ATTEMPTS_MAX; attempt++) {
            queue.release(queue.claim().orElseThrow(), Duration.ZERO);
        }
        Claim last = queue.claim().orElseThrow();
        clock.move(LEASE);
        assertThat(queue.claim()).isEmpty();
        queue.enqueue("job", "new", clock.instant());

        assertThat(queue.release(last, Duration.ZERO)).isFalse();

        assertThat(queue.claim()).map(claim -> claim.job().payload()).contains("new");
    }

    @Test
    @Timeout(120)
    void workersNeverShareAJobWhileItsLeaseLasts() throws Exception {
        enqueueMany();

        List<List<String>> claimed = Together.run(WORKERS, worker -> () -> {
            List<String> own = new ArrayList<>();
            for (Optional<Claim> next = queue.claim(); next.isPresent(); next = queue.claim()) {
                own.add(next.get().id());
            }
            return own;
        });

        assertThat(claimed.stream().flatMap(List::stream)).hasSize(JOB_COUNT).doesNotHaveDuplicates();
    }

    @Test
    @Timeout(120)
    void everyJobCountsOnceHoweverManyLeasesLapse() throws Exception {
        enqueueMany();

        Together.run(WORKERS, worker -> () -> {
            while (store.in(JOBS).count() > 0 && !Thread.currentThread().isInterrupted()) {
                queue.claim().ifPresent(claim -> {
                    if (worker == 0 && claim.job().attempts() < ATTEMPTS_MAX) {
                        clock.move(LEASE); // now others may take every job that was claimed and not completed
                    }
                    queue.complete(claim, tx -> tx.in(RESULTS).compute(claim.id(), JobQueueTest::oneMore));
                });
            }
            return null;
        });

        long dead = store.in(DEAD_LETTERS).count();
        assertThat(store.in(RESULTS).count() + dead).isEqualTo(JOB_COUNT);
        assertThat(store.in(RESULTS).scan().values()).containsOnly(1L);
    }

    @Test
    void aRestartForgetsNeitherJobsNorLeases() {
        queue.enqueue("held", "", clock.instant());
        queue.enqueue("waiting", "", clock.instant().plusSeconds(1));
        Claim held = queue.claim().orElseThrow();

        close();
        clock.move(Duration.ofSeconds(1));
        open();

        assertThat(queue.claim()).map(Claim::id).contains("waiting");
        assertThat(queue.claim()).isEmpty();
        assertThat(queue.complete(held, NOTHING)).isTrue();
    }

    private void enqueueMany() {
        for (int i = 0; i < JOB_COUNT; i++) {
            queue.enqueue("job " + i, "", clock.instant());
        }
    }

    private static Long oneMore(Long count) {
        return count == null ? 1 : count + 1;
    }
}
