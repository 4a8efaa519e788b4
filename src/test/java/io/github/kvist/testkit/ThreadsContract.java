// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capability;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Version;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Many threads on one store. */
abstract class ThreadsContract extends StoreContract {

    private static final int THREADS = 4;
    private static final int ROUNDS = 40;

    @Test
    void noIncrementIsLost() throws Exception {
        store.in(WORDS).put("n", "0");
        Together.run(THREADS, thread -> {
            for (int i = 0; i < rounds(ROUNDS); i++) {
                if (thread % 2 == 0) {
                    store.in(WORDS).compute("n", old -> "" + (Integer.parseInt(old) + 1));
                } else {
                    incrementByVersion();
                }
            }
            return 0;
        });

        assertThat(store.in(WORDS).get("n")).contains("" + THREADS * rounds(ROUNDS));
    }

    private void incrementByVersion() {
        boolean done = false;
        while (!done) {
            var entry = store.in(WORDS).entry("n").orElseThrow();
            Version seen = entry.version();
            done = store.in(WORDS).replace("n", seen, "" + (Integer.parseInt(entry.value()) + 1));
        }
    }

    @Test
    void oneOfManyWinsAnAbsentKey() throws Exception {
        for (int round = 0; round < rounds(ROUNDS); round++) {
            String key = "k" + round;
            List<Integer> winners = Together.run(
                    THREADS,
                    thread -> store.in(WORDS).putIfAbsent(key, "t" + thread).isEmpty() ? 1 : 0);
            assertThat(winners.stream().mapToInt(Integer::intValue).sum()).isEqualTo(1);
        }
    }

    @Test
    void oneOfManyGetsAUniqueKey() throws Exception {
        for (int round = 0; round < rounds(ROUNDS); round++) {
            String email = "e" + round;
            List<Integer> owners = Together.run(THREADS, thread -> {
                try {
                    store.in(PEOPLE)
                            .put("p" + thread, Person.of("p" + thread, "Oslo").withEmail(email));
                    return 1;
                } catch (KvException.UniqueViolation taken) {
                    return 0;
                }
            });
            assertThat(owners).contains(1);
            assertThat(store.in(PEOPLE).by(BY_EMAIL).count(email)).isEqualTo(1);
        }
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void readersSeeWholeTransactions() throws Exception {
        store.in(WORDS).putAll(Map.of("a", "0", "b", "0"));
        AtomicBoolean done = new AtomicBoolean();
        Together.run(THREADS, thread -> {
            if (thread == 0) {
                for (int i = 1; i <= 5 * rounds(ROUNDS); i++) {
                    String value = "" + i;
                    store.update(tx -> tx.in(WORDS).putAll(Map.of("a", value, "b", value)));
                }
                done.set(true);
            }
            while (!done.get()) {
                assertThat(store.<List<String>>read(tx -> tx.in(WORDS).scan().values()))
                        .satisfies(values -> assertThat(values.get(0)).isEqualTo(values.get(1)));
            }
            return 0;
        });
    }

    @Test
    @Needs(Capability.SNAPSHOT_READS)
    void oneSnapshotServesManyThreads() throws Exception {
        for (int i = 0; i < 50; i++) {
            put(Person.of("p" + i, i % 2 == 0 ? "Oslo" : "Bergen"));
        }
        try (Snapshot snapshot = store.snapshot()) {
            Together.run(THREADS, thread -> {
                for (int i = 0; i < rounds(ROUNDS); i++) {
                    store.in(PEOPLE).delete("p" + i);
                    assertThat(snapshot.in(PEOPLE).by(BY_CITY).eq("Oslo").values())
                            .hasSize(25);
                    assertThat(snapshot.in(PEOPLE).scan(KeyRange.all()).keys()).hasSize(50);
                }
                return 0;
            });
        }
    }

    @Test
    void storeClosedByAnotherThreadSaysSo() throws Exception {
        store.in(WORDS).put("a", "1");
        Thread closer = new Thread(store::close);
        closer.start();
        closer.join();

        assertThatThrownBy(() -> store.in(WORDS).get("a")).isInstanceOf(KvException.Closed.class);
        assertThatThrownBy(() -> store.in(WORDS).put("a", "2")).isInstanceOf(KvException.Closed.class);
    }
}
