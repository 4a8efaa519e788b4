// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException.Conflict;
import io.github.kvist.api.TransactionOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProgressTest {

    private final EngineFixture store = EngineFixture.fresh();

    @Test
    void aClosureThatKeepsLosingGetsItsTurnAlone() throws Exception {
        AtomicInteger runs = new AtomicInteger();

        String result = store.engine.commit(TransactionOptions.defaults(), branch -> {
            String seen = store.get(branch, "k");
            // Somebody else always writes between the read and the commit, as long as he is let.
            CompletableFuture<Void> rival = CompletableFuture.runAsync(
                    () -> store.put("k", "rival " + runs.incrementAndGet()), EngineFixture.OWN_THREAD);
            if (runs.get() < 4) {
                rival.join();
            }
            store.put(branch, "k", "mine after " + seen);
            return seen;
        });

        assertThat(result).startsWith("rival");
        assertThat(runs.get()).isLessThan(10);
    }

    @Test
    void withoutRetriesAConflictIsThrown() {
        TransactionOptions once = TransactionOptions.defaults().retries(0);

        assertThatThrownBy(() -> store.engine.commit(once, branch -> {
                    store.get(branch, "k");
                    CompletableFuture.runAsync(() -> store.put("k", "rival"), EngineFixture.OWN_THREAD)
                            .join();
                    store.put(branch, "k", "mine");
                    return null;
                }))
                .isInstanceOf(Conflict.class);
        assertThat(store.get("k")).isEqualTo("rival");
    }

    @Test
    void afterTheTimeIsUpAConflictIsThrown() {
        TransactionOptions hurried = TransactionOptions.defaults().timeout(Duration.ofNanos(1));

        assertThatThrownBy(() -> store.engine.commit(hurried, branch -> {
                    store.get(branch, "k");
                    CompletableFuture.runAsync(() -> store.put("k", "rival"), EngineFixture.OWN_THREAD)
                            .join();
                    store.put(branch, "k", "mine");
                    return null;
                }))
                .isInstanceOf(Conflict.class);
    }

    @Test
    void aTimeBeyondAllMeasureIsNoLimit() {
        TransactionOptions patient = TransactionOptions.defaults().timeout(Duration.ofSeconds(Long.MAX_VALUE));

        store.engine.commit(patient, branch -> {
            store.put(branch, "k", "v");
            return null;
        });

        assertThat(store.get("k")).isEqualTo("v");
    }

    @Test
    void aClosureThatThrowsLeavesNothing() {
        assertThatThrownBy(() -> store.engine.commit(TransactionOptions.defaults(), branch -> {
                    store.put(branch, "k", "v");
                    throw new AssertionError("the closure's own");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessage("the closure's own");

        assertThat(store.all()).isEmpty();
        store.put("k", "goes on");
        assertThat(store.get("k")).isEqualTo("goes on");
    }

    /** The next thread would else have to wait until the turn lapses. */
    @Test
    void anErrorInATurnGivesItBack() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> store.engine.commit(TransactionOptions.defaults(), branch -> {
                    store.get(branch, "k");
                    if (runs.incrementAndGet() > 4) {
                        throw new StackOverflowError("in a turn of its own");
                    }
                    CompletableFuture.runAsync(() -> store.put("k", "rival " + runs), EngineFixture.OWN_THREAD)
                            .join();
                    store.put(branch, "k", "mine");
                    return null;
                }))
                .isInstanceOf(StackOverflowError.class);

        CompletableFuture.runAsync(() -> store.put("k", "next"), EngineFixture.OWN_THREAD)
                .get(3, TimeUnit.SECONDS);

        assertThat(store.get("k")).isEqualTo("next");
    }

    @Test
    void countersUnderContentionLoseNoIncrement() {
        AtomicBoolean go = new AtomicBoolean();
        CompletableFuture<?>[] writers = new CompletableFuture<?>[4];
        for (int i = 0; i < writers.length; i++) {
            writers[i] = CompletableFuture.runAsync(
                    () -> {
                        while (!go.get()) {
                            Thread.onSpinWait();
                        }
                        for (int n = 0; n < 200; n++) {
                            increment();
                        }
                    },
                    EngineFixture.OWN_THREAD);
        }
        go.set(true);
        CompletableFuture.allOf(writers).join();

        assertThat(store.get("n")).isEqualTo("800");
        assertThat(store.afterCrash().get("n")).isEqualTo("800");
    }

    private void increment() {
        store.engine.commit(TransactionOptions.defaults(), branch -> {
            String seen = store.get(branch, "n");
            store.put(branch, "n", String.valueOf(seen == null ? 1 : Integer.parseInt(seen) + 1));
            return null;
        });
    }
}
