// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Isolation;
import io.github.kvist.api.KvException;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.History.End;
import io.github.kvist.testkit.History.Step;
import io.github.kvist.testkit.History.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many threads read and append to a few lists at random; what they saw is a history of the isolation level that was asked for. */
@Needs(Capability.MULTI_KEY_TRANSACTIONS)
abstract class HistoriesContract extends StoreContract {

    private static final int THREADS = 6;
    private static final int TRANSACTIONS = 100;
    private static final List<String> LISTS = List.of("a", "b", "c", "d");
    private static final Table<String, List<Integer>> TABLE = Table.of(
            "lists",
            Keys.string(),
            Values.of(
                    "numbers",
                    list -> list.stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(" "))
                            .getBytes(),
                    bytes -> Arrays.stream(new String(bytes).split(" "))
                            .map(Integer::valueOf)
                            .toList()));

    private final History history = new History();
    private final AtomicInteger elements = new AtomicInteger();

    @ParameterizedTest
    @EnumSource
    void whatConcurrentTransactionsSawIsAHistoryOfTheirLevel(Isolation isolation) throws Exception {
        assumeTrue(isolation == Isolation.SNAPSHOT || can(Capability.SERIALIZABLE), "needs SERIALIZABLE");

        Together.run(THREADS, thread -> {
            Random random = new Random(thread);
            for (int i = 0; i < rounds(TRANSACTIONS); i++) {
                new Recorded("T" + thread + "." + i, random, isolation).run();
            }
            return 0;
        });
        new Recorded("the last", new Random(), isolation).readAll();

        assertThat(HistoryChecker.check(history, isolation)).isEmpty();
        assertThat(history.transactions())
                .filteredOn(transaction -> transaction.end() == End.COMMITTED)
                .hasSizeGreaterThan(rounds(TRANSACTIONS));
    }

    /** One transaction, and what it did. */
    private final class Recorded {
        private final String name;
        private final Random random;
        private final TransactionOptions options;
        private final List<Step> steps = new ArrayList<>();
        private final long began = System.nanoTime();

        Recorded(String name, Random random, Isolation isolation) {
            this.name = name;
            this.random = random;
            this.options = TransactionOptions.defaults().isolation(isolation);
        }

        void run() {
            switch (random.nextInt(5)) {
                case 0 -> readAll();
                case 1 -> snapshot();
                case 2 -> closure();
                default -> explicit();
            }
        }

        private void ended(End end) {
            history.add(new Transaction(name, began, System.nanoTime(), end, steps));
        }

        void readAll() {
            store.read(tx -> {
                steps.clear();
                LISTS.forEach(key -> read(tx, key));
                return 0;
            });
            ended(End.COMMITTED);
        }

        private void snapshot() {
            if (can(Capability.SNAPSHOT_READS)) {
                try (Snapshot snapshot = store.snapshot()) {
                    scan(snapshot);
                    Thread.yield();
                    scan(snapshot);
                }
                ended(End.COMMITTED);
            }
        }

        private void closure() {
            long seed = random.nextLong();
            store.write(options, tx -> {
                steps.clear();
                work(tx, new Random(seed));
                return 0;
            });
            ended(End.COMMITTED);
        }

        private void explicit() {
            try (WriteTransaction tx = store.begin(options)) {
                work(tx, random);
                if (random.nextInt(8) == 0) {
                    ended(End.ABORTED);
                    return;
                }
                tx.commit();
                ended(End.COMMITTED);
            } catch (KvException.Conflict conflict) {
                ended(End.ABORTED);
            }
        }

        private void work(WriteTransaction tx, Random random) {
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                String key = LISTS.get(random.nextInt(LISTS.size()));
                switch (random.nextInt(6)) {
                    case 0 -> scan(tx);
                    case 1, 2 -> read(tx, key);
                    default -> append(tx, key);
                }
            }
        }

        private List<Integer> read(ReadTransaction tx, String key) {
            List<Integer> list = tx.in(TABLE).get(key).orElse(List.of());
            steps.add(new Step.Read(key, list));
            return list;
        }

        private void scan(ReadTransaction tx) {
            List<String> absent = new ArrayList<>(LISTS);
            tx.in(TABLE).scan().forEach(entry -> {
                absent.remove(entry.key());
                steps.add(new Step.Read(entry.key(), entry.value()));
            });
            absent.forEach(key -> steps.add(new Step.Read(key, List.of())));
        }

        private void append(WriteTransaction tx, String key) {
            List<Integer> list = new ArrayList<>(read(tx, key));
            int element = elements.incrementAndGet();
            list.add(element);
            tx.in(TABLE).put(key, list);
            steps.add(new Step.Append(key, element));
        }
    }
}
