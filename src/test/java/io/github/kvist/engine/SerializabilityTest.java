// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.TransactionOptions;
import io.github.kvist.backend.View;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SerializabilityTest {

    private static final int ACCOUNTS = 8;

    private final EngineFixture store = EngineFixture.fresh();

    @Test
    void transfersKeepTheSumInEveryViewAndAfterACrash() {
        for (int i = 0; i < ACCOUNTS; i++) {
            store.put("account" + i, "100");
        }
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<?> auditor = start(() -> {
            while (!done.get()) {
                try (View view = store.engine.view()) {
                    assertThat(sum(view)).isEqualTo(100 * ACCOUNTS);
                }
            }
        });
        CompletableFuture<?>[] tellers = new CompletableFuture<?>[4];
        for (int i = 0; i < tellers.length; i++) {
            Random random = new Random(i);
            tellers[i] = start(() -> {
                for (int n = 0; n < 300; n++) {
                    transfer(random.nextInt(ACCOUNTS), random.nextInt(ACCOUNTS), random.nextInt(50));
                }
            });
        }
        CompletableFuture.allOf(tellers).join();
        done.set(true);
        auditor.join();

        assertThat(sum(store.engine.view())).isEqualTo(100 * ACCOUNTS);
        assertThat(store.afterCrash().all()).isEqualTo(store.all());
    }

    @Test
    void nobodyTakesTheLastSeatTwice() {
        store.put("seats", "50");
        CompletableFuture<?>[] buyers = new CompletableFuture<?>[4];
        for (int i = 0; i < buyers.length; i++) {
            String buyer = "buyer" + i;
            buyers[i] = start(() -> {
                for (int n = 0; n < 40; n++) {
                    buy(buyer + "/" + n);
                }
            });
        }
        CompletableFuture.allOf(buyers).join();

        try (View view = store.engine.view()) {
            assertThat(view.count(store.words, bytes("buyer"), bytes("buyes"))).isEqualTo(50);
        }
    }

    /** Reads a count and inserts: only phantom protection keeps this right. */
    private void buy(String seat) {
        store.engine.commit(TransactionOptions.defaults(), branch -> {
            if (branch.count(store.words, bytes("buyer"), bytes("buyes")) < 50) {
                store.put(branch, seat, "1");
            }
            return null;
        });
    }

    private void transfer(int source, int target, int amount) {
        store.engine.commit(TransactionOptions.defaults(), branch -> {
            int from = Integer.parseInt(store.get(branch, "account" + source));
            int to = Integer.parseInt(store.get(branch, "account" + target));
            if (source != target && from >= amount) {
                store.put(branch, "account" + source, String.valueOf(from - amount));
                store.put(branch, "account" + target, String.valueOf(to + amount));
            }
            return null;
        });
    }

    private int sum(View view) {
        return store.all(view).values().stream().mapToInt(Integer::parseInt).sum();
    }

    private static CompletableFuture<Void> start(Runnable work) {
        return CompletableFuture.runAsync(work, EngineFixture.OWN_THREAD);
    }
}
