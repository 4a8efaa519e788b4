// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.recipes;

import static io.github.kvist.recipes.Cache.ANSWERS;
import static io.github.kvist.recipes.Cache.FRESH;
import static io.github.kvist.recipes.Cache.FRESH_ABSENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CacheTest {

    private static final Duration TICK = Duration.ofMillis(1);
    private static final long ENTRIES_MAX = 10;
    private static final int THREADS = 4;

    @TempDir
    private Path directory;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final AtomicInteger calls = new AtomicInteger();
    private KvStore store;
    private Cache cache;

    @BeforeEach
    void open() {
        store = Kvist.open(
                "file:" + directory.resolve("cache"),
                Options.defaults().clock(clock).durability(Durability.MEMORY));
        cache = new Cache(store, clock, ENTRIES_MAX, this::answer);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theServiceIsAskedOnceWhileTheAnswerIsFresh() {
        assertThat(cache.get("a")).contains("answer 1");
        clock.move(FRESH.minus(TICK));
        assertThat(cache.get("a")).contains("answer 1");

        clock.move(TICK);
        assertThat(cache.get("a")).contains("answer 2");
    }

    @Test
    void anAbsenceIsRememberedForAShorterTime() {
        assertThat(cache.get("missing")).isEmpty();
        clock.move(FRESH_ABSENCE.minus(TICK));
        assertThat(cache.get("missing")).isEmpty();
        assertThat(calls).hasValue(1);

        clock.move(TICK);
        assertThat(cache.get("missing")).isEmpty();
        assertThat(calls).hasValue(2);
    }

    @Test
    void manyWhoAskAtOnceShareOneCall() throws Exception {
        for (int round = 0; round < 100; round++) {
            String key = "key " + round;
            List<Optional<String>> answers = Together.run(THREADS, thread -> () -> cache.get(key));

            assertThat(answers).containsOnly(Optional.of("answer " + (round + 1)));
        }
    }

    @Test
    void aSlowKeyHoldsUpNoOther() throws Exception {
        CountDownLatch slowIsAsked = new CountDownLatch(1);
        CountDownLatch otherIsAnswered = new CountDownLatch(1);
        Cache uneven = new Cache(store, clock, ENTRIES_MAX, key -> {
            if (key.equals("slow")) {
                slowIsAsked.countDown();
                await(otherIsAnswered);
            }
            return Optional.of(key);
        });

        List<Optional<String>> answers = Together.run(2, thread -> () -> {
            if (thread == 0) {
                return uneven.get("slow");
            }
            await(slowIsAsked);
            Optional<String> other = uneven.get("other");
            otherIsAnswered.countDown();
            return other;
        });

        assertThat(answers).containsExactly(Optional.of("slow"), Optional.of("other"));
    }

    @Test
    void aFailureIsNotRemembered() {
        Map<String, Boolean> broken = new ConcurrentHashMap<>(Map.of("a", true));
        Cache flaky = new Cache(store, clock, ENTRIES_MAX, key -> {
            if (broken.containsKey(key)) {
                throw new IllegalStateException("service is down");
            }
            return Optional.of("up again");
        });

        assertThatThrownBy(() -> flaky.get("a")).hasMessage("service is down");
        broken.clear();

        assertThat(flaky.get("a")).contains("up again");
    }

    @Test
    void aFullCacheLosesWhatItFetchedFirst() {
        for (int i = 0; i < ENTRIES_MAX; i++) {
            cache.get("key " + i);
            clock.move(TICK);
        }

        cache.get("one more");

        assertThat(store.in(ANSWERS).count()).isEqualTo(ENTRIES_MAX);
        assertThat(store.in(ANSWERS).contains("key 0")).isFalse();
        assertThat(store.in(ANSWERS).contains("key 1")).isTrue();
    }

    @Test
    void theCacheIsNeverOverFullHoweverManyFetch() throws Exception {
        AtomicInteger open = new AtomicInteger(THREADS);
        Together.run(THREADS + 1, thread -> () -> {
            if (thread == THREADS) {
                do {
                    assertThat(store.in(ANSWERS).count()).isLessThanOrEqualTo(ENTRIES_MAX);
                } while (open.get() > 0);
                return null;
            }
            for (int i = 0; i < 100; i++) {
                cache.get("key " + thread + " " + i);
            }
            open.decrementAndGet();
            return null;
        });

        assertThat(store.in(ANSWERS).count()).isEqualTo(ENTRIES_MAX);
    }

    @Test
    void aRestartFindsTheCacheWarm() {
        cache.get("a");

        close();
        open();

        assertThat(cache.get("a")).contains("answer 1");
        clock.move(FRESH);
        assertThat(cache.get("a")).contains("answer 2");
    }

    private Optional<String> answer(String key) {
        int call = calls.incrementAndGet();
        return key.equals("missing") ? Optional.empty() : Optional.of("answer " + call);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
