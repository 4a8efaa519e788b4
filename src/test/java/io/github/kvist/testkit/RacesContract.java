// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.Version;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many threads that want to change the same entry. */
@Needs(Capability.COMPARE_AND_SET)
abstract class RacesContract extends StoreContract {

    private static final int THREADS = 8;
    private static final int ROUNDS = 24;
    private static final Table<String, Long> ACCOUNTS = Table.of("accounts", Keys.string(), Values.int64());

    private interface Attempt {
        boolean succeeds(int thread);
    }

    /** How many of the threads succeeded. */
    private static long winners(Attempt attempt) throws Exception {
        return Together.run(THREADS, attempt::succeeds).stream()
                .filter(won -> won)
                .count();
    }

    private <V> Version version(Table<String, V> table, String key) {
        return store.in(table).entry(key).orElseThrow().version();
    }

    @Test
    void oneReplacesAVersion() throws Exception {
        store.in(WORDS).put("a", "0");
        for (int round = rounds(ROUNDS); round > 0; round--) {
            Version seen = version(WORDS, "a");

            assertThat(winners(thread -> store.in(WORDS).replace("a", seen, "t" + thread)))
                    .isEqualTo(1);
        }
    }

    @Test
    void oneDeletesAVersion() throws Exception {
        for (int round = rounds(ROUNDS); round > 0; round--) {
            store.in(WORDS).put("a", "0");
            Version seen = version(WORDS, "a");

            assertThat(winners(thread -> store.in(WORDS).delete("a", seen))).isEqualTo(1);
            assertThat(store.in(WORDS).contains("a")).isFalse();
        }
    }

    @Test
    void oneDeletesOrReplacesAVersion() throws Exception {
        for (int round = rounds(ROUNDS); round > 0; round--) {
            store.in(WORDS).put("a", "0");
            Version seen = version(WORDS, "a");

            assertThat(winners(thread -> thread % 2 == 0
                            ? store.in(WORDS).delete("a", seen)
                            : store.in(WORDS).replace("a", seen, "1")))
                    .isEqualTo(1);
        }
    }

    @Test
    void oneChangesAnIndexedRecord() throws Exception {
        for (int round = rounds(ROUNDS); round > 0; round--) {
            put(Person.of("ann", "Oslo"));
            Version seen = version(PEOPLE, "ann");

            assertThat(winners(thread -> thread % 2 == 0
                            ? store.in(PEOPLE).delete("ann", seen)
                            : store.in(PEOPLE).replace("ann", seen, Person.of("ann", "city" + thread))))
                    .isEqualTo(1);
            assertThat(store.in(PEOPLE).by(BY_CITY).count("Oslo")).isZero();
        }
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void onePutsAnAbsentKey() throws Exception {
        for (int round = rounds(ROUNDS); round > 0; round--) {
            assertThat(winners(thread ->
                            store.in(WORDS).putIfAbsent("a", "t" + thread).isEmpty()))
                    .isEqualTo(1);
            store.in(WORDS).delete("a");
        }
    }

    @Test
    void onePerTimeHoldsALock() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        List<Integer> most = Together.run(THREADS, thread -> {
            int seen = 0;
            for (int held = 0; held < rounds(ROUNDS) / 4 + 1; ) {
                if (store.in(WORDS).putIfAbsent("lock", "t" + thread).isEmpty()) {
                    held++;
                    seen = Math.max(seen, inside.incrementAndGet());
                    inside.decrementAndGet();
                    assertThat(store.in(WORDS).delete("lock")).isTrue();
                }
            }
            return seen;
        });

        assertThat(most).containsOnly(1);
    }

    @Test
    void everyThreadGetsOtherVersions() throws Exception {
        List<List<Version>> drawn = Together.run(THREADS, thread -> {
            List<Version> mine = new ArrayList<>();
            for (int round = rounds(ROUNDS); round > 0; round--) {
                mine.add(store.write(tx -> {
                    tx.in(WORDS).put("t" + thread, "x");
                    return tx.in(WORDS).entry("t" + thread).orElseThrow().version();
                }));
            }
            return mine;
        });

        Set<Version> all = new HashSet<>();
        drawn.forEach(all::addAll);
        assertThat(all).hasSize(THREADS * rounds(ROUNDS));
    }

    @Test
    void noUpdateIsLost() throws Exception {
        store.in(ACCOUNTS).put("sum", 0L);
        Together.run(THREADS, thread -> {
            for (int round = rounds(ROUNDS); round > 0; round--) {
                switch (thread % 3) {
                    case 0 -> store.in(ACCOUNTS).compute("sum", old -> Objects.requireNonNull(old) + 1);
                    case 1 -> addByVersion();
                    default ->
                        store.update(tx -> tx.in(ACCOUNTS)
                                .put("sum", tx.in(ACCOUNTS).get("sum").orElseThrow() + 1));
                }
            }
            return 0;
        });

        assertThat(store.in(ACCOUNTS).get("sum")).contains((long) THREADS * rounds(ROUNDS));
    }

    private void addByVersion() {
        boolean done = false;
        while (!done) {
            Entry<String, Long> entry = store.in(ACCOUNTS).entry("sum").orElseThrow();
            done = store.in(ACCOUNTS).replace("sum", entry.version(), entry.value() + 1);
        }
    }

    @Test
    @Needs(Capability.MULTI_KEY_TRANSACTIONS)
    void theSumOfAllAccountsStaysWhatItWas() throws Exception {
        store.in(ACCOUNTS).putAll(Map.of("a0", 100L, "a1", 100L, "a2", 100L));

        List<Boolean> isRight = Together.run(THREADS, thread -> {
            boolean right = true;
            for (int round = 0; round < rounds(ROUNDS); round++) {
                if (thread % 2 == 0) {
                    transfer("a" + (round + thread) % 3, "a" + (round + thread + 1) % 3);
                } else {
                    right &= store.<Long>read(tx -> tx.in(ACCOUNTS).scan().values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum())
                            == 300;
                }
            }
            return right;
        });

        assertThat(isRight).containsOnly(true);
        assertThat(store.in(ACCOUNTS).scan().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(300);
    }

    private void transfer(String from, String to) {
        store.update(tx -> {
            TableWriter<String, Long> accounts = tx.in(ACCOUNTS);
            accounts.put(from, accounts.get(from).orElseThrow() - 1);
            accounts.put(to, accounts.get(to).orElseThrow() + 1);
        });
    }
}
