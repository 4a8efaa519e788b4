// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Cursor;
import io.github.kvist.api.Isolation;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.TableReader;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.api.WriteTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commits, rollbacks, conflicts, and what each view shows. */
@Needs(Capability.MULTI_KEY_TRANSACTIONS)
abstract class TransactionsContract extends StoreContract {

    @Test
    void closureThatReturnsIsCommittedAsOne() {
        long before = store.revision();
        String result = store.write(tx -> {
            tx.in(WORDS).put("a", "1");
            tx.in(BLOBS).put(1L, new byte[] {1});
            put(tx, "ann", "Oslo");
            return "done";
        });

        assertThat(result).isEqualTo("done");
        assertThat(store.revision()).isGreaterThan(before);
        assertThat(store.in(WORDS).count()
                        + store.in(BLOBS).count()
                        + store.in(PEOPLE).count())
                .isEqualTo(3);
    }

    private static void put(WriteTransaction tx, String name, String city) {
        tx.in(PEOPLE).put(name, Person.of(name, city));
    }

    @Test
    void closureThatThrowsLeavesNothing() {
        store.in(WORDS).put("known", "1");
        store.in(WORDS).delete("known");
        put(Person.of("known", "Bergen"));
        long before = store.revision();
        assertThatThrownBy(() -> store.update(tx -> {
                    tx.in(WORDS).put("a", "1");
                    put(tx, "ann", "Oslo");
                    throw new UnsupportedOperationException("mine");
                }))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("mine");

        assertThat(store.revision()).isEqualTo(before);
        assertThat(store.in(WORDS).count()).isZero();
        assertThat(store.in(PEOPLE).by(BY_CITY).count("Oslo")).isZero();
    }

    @Test
    void transactionReadsItsOwnWritesAndOthersDoNot() {
        store.in(WORDS).put("a", "old");
        store.update(tx -> {
            TableWriter<String, String> words = tx.in(WORDS);
            words.put("a", "new");
            words.put("b", "new");

            assertThat(words.get("a")).contains("new");
            assertThat(words.scan().keys()).containsExactly("a", "b");
            assertThat(words.count()).isEqualTo(2);
            assertThat(store.in(WORDS).get("a")).contains("old");
            assertThat(store.<Long>read(view -> view.in(WORDS).count())).isEqualTo(1);

            words.delete("a");
            assertThat(words.get("a")).isEmpty();
            assertThat(words.scan().keys()).containsExactly("b");
        });
    }

    @Test
    void explicitTransactionCommitsOrRollsBack() {
        long before = store.revision();
        long committed;
        try (WriteTransaction tx = store.begin()) {
            tx.in(WORDS).put("a", "1");
            assertThat(tx.revision()).isEqualTo(before);
            committed = tx.commit();
        }
        try (WriteTransaction tx = store.begin()) {
            tx.in(WORDS).put("a", "2");
        }

        assertThat(store.in(WORDS).get("a")).contains("1");
        assertThat(committed).isGreaterThan(before);
        assertThat(store.revision()).isEqualTo(committed);
    }

    @Test
    void commitWithoutWritesIsTheRevisionItSaw() {
        store.in(WORDS).put("a", "1");
        long before = store.revision();
        try (WriteTransaction tx = store.begin()) {
            tx.in(WORDS).get("a");
            assertThat(tx.commit()).isEqualTo(before);
        }
        assertThat(store.revision()).isEqualTo(before);
    }

    @Test
    void endedTransactionRefusesEverythingButClose() {
        AtomicReference<WriteTransaction> leaked = new AtomicReference<>();
        store.update(leaked::set);
        WriteTransaction committed = store.begin();
        TableWriter<String, String> words = committed.in(WORDS);
        words.put("a", "1");
        Cursor<String, String> cursor = words.scan().cursor();
        committed.commit();
        WriteTransaction closed = store.begin();
        closed.close();

        for (WriteTransaction ended : List.of(leaked.get(), committed, closed)) {
            for (Runnable call : List.<Runnable>of(
                    () -> ended.in(WORDS),
                    () -> ended.revision(),
                    () -> ended.savepoint(),
                    () -> ended.onCommit(revision -> {}),
                    () -> ended.commit())) {
                assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class);
            }
            ended.close();
        }
        assertThatThrownBy(() -> words.put("a", "2")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> words.get("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(cursor::advance).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void transactionOfAClosureEndsWithTheClosureOnly() {
        assertThatThrownBy(() -> store.update(WriteTransaction::commit))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("begin()");
        assertThatThrownBy(() -> store.update(WriteTransaction::close)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void writeInsideAWriteOnOneThreadIsRefusedAtOnce() {
        store.in(WORDS).put("a", "1");
        store.update(tx -> {
            for (Runnable call : List.<Runnable>of(
                    () -> store.update(inner -> {}),
                    () -> store.write(inner -> 1),
                    () -> store.in(WORDS).put("a", "2"),
                    () -> store.in(WORDS).putIfAbsent("b", "2"),
                    () -> store.in(WORDS).delete("a"),
                    () -> store.in(PEOPLE).put("ann", Person.of("ann", null)),
                    () -> store.in(WORDS).clear(),
                    () -> store.begin(),
                    () -> store.close())) {
                assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class);
            }
            tx.in(WORDS).put("c", "3");
        });

        assertThat(store.in(WORDS).scan().keys()).containsExactly("a", "c");
    }

    @Test
    void twoOpenTransactionsOnOneThreadAreFine() {
        try (WriteTransaction first = store.begin();
                WriteTransaction second = store.begin()) {
            first.in(WORDS).put("a", "1");
            second.in(BLOBS).put(1L, new byte[0]);
            first.commit();
            second.commit();
        }

        assertThat(store.in(WORDS).count() + store.in(BLOBS).count()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void firstCommitterOfAKeyThatBothReadWins(Isolation isolation) {
        store.in(WORDS).put("a", "0");
        TransactionOptions options = TransactionOptions.defaults().isolation(isolation);
        try (WriteTransaction first = store.begin(options);
                WriteTransaction second = store.begin(options)) {
            first.in(WORDS).compute("a", old -> old + "1");
            second.in(WORDS).compute("a", old -> old + "2");
            first.commit();
            assertThatThrownBy(second::commit)
                    .isInstanceOfSatisfying(
                            KvException.Conflict.class,
                            conflict -> assertThat(conflict.isRetryable()).isTrue());
        }

        assertThat(store.in(WORDS).get("a")).contains("01");
    }

    @Test
    @Needs(Capability.SERIALIZABLE)
    void serializableTransactionsSeeNoWriteSkewAndNoPhantoms() {
        for (Isolation isolation : Isolation.values()) {
            store.in(WORDS).clear();
            TransactionOptions options = TransactionOptions.defaults().isolation(isolation);
            try (WriteTransaction first = store.begin(options);
                    WriteTransaction second = store.begin(options)) {
                first.in(WORDS).put("a" + first.in(WORDS).count(), "x");
                second.in(WORDS)
                        .put(
                                "b"
                                        + second.in(WORDS)
                                                .scan(KeyRange.prefix("a"))
                                                .keys()
                                                .size(),
                                "x");
                first.commit();
                if (isolation == Isolation.SERIALIZABLE) {
                    assertThatThrownBy(second::commit).isInstanceOf(KvException.Conflict.class);
                } else {
                    second.commit();
                }
            }
        }
    }

    @Test
    void closureThatLosesRunsAgainOnTheNewerState() {
        store.in(WORDS).put("a", "0");
        AtomicInteger runs = new AtomicInteger();

        store.update(tx -> {
            String seen = tx.in(WORDS).getOrNull("a");
            if (runs.incrementAndGet() == 1) {
                inAnotherThread(() -> store.in(WORDS).put("a", "1"));
            }
            tx.in(WORDS).put("a", seen + "!");
        });

        assertThat(runs).hasValue(2);
        assertThat(store.in(WORDS).get("a")).contains("1!");
    }

    @Test
    void conflictIsThrownWhenTheRetriesAreUsedUp() {
        store.in(WORDS).put("a", "0");
        AtomicInteger runs = new AtomicInteger();

        assertThatThrownBy(() -> store.write(TransactionOptions.defaults().retries(2), tx -> {
                    tx.in(WORDS).get("a");
                    inAnotherThread(() -> store.in(WORDS).put("a", "x" + runs.incrementAndGet()));
                    tx.in(WORDS).put("b", "1");
                    return null;
                }))
                .isInstanceOf(KvException.Conflict.class);
        assertThat(runs).hasValue(3);
    }

    private static void inAnotherThread(Runnable action) {
        Thread thread = new Thread(action);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void actionsRunAfterTheCommitInOrderWithItsRevision() {
        store.in(WORDS).put("a", "0");
        List<String> log = new ArrayList<>();

        store.update(tx -> {
            tx.in(WORDS).put("a", "1");
            tx.onCommit(revision ->
                    log.add("first " + revision + " " + store.in(WORDS).getOrNull("a")));
            tx.onCommit(revision -> log.add("second " + Thread.currentThread().getId()));
            assertThat(log).isEmpty();
        });
        long first = store.revision();
        try (WriteTransaction tx = store.begin()) {
            tx.in(WORDS).put("a", "2");
            tx.onCommit(revision -> log.add("third " + revision));
            tx.commit();
        }
        long third = store.revision();
        store.update(tx -> tx.onCommit(revision -> log.add("nothing written " + revision)));

        assertThat(log)
                .containsExactly(
                        "first " + first + " 1",
                        "second " + Thread.currentThread().getId(),
                        "third " + third,
                        "nothing written " + third);
    }

    @Test
    void actionMayWriteToTheStore() {
        store.update(tx -> {
            tx.in(WORDS).put("a", "1");
            tx.onCommit(revision -> store.in(WORDS).put("log", "after " + (revision == store.revision())));
        });

        assertThat(store.in(WORDS).get("log")).contains("after true");
    }

    @Test
    void actionThatThrowsUndoesNothingAndStopsNoOther() {
        List<String> log = new ArrayList<>();

        assertThatThrownBy(() -> store.update(tx -> {
                    tx.in(WORDS).put("a", "1");
                    tx.onCommit(revision -> {
                        throw new IllegalStateException("first");
                    });
                    tx.onCommit(revision -> log.add("ran"));
                    tx.onCommit(revision -> {
                        throw new IllegalStateException("second");
                    });
                }))
                .hasMessage("first")
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(1));

        assertThat(log).containsExactly("ran");
        assertThat(store.in(WORDS).get("a")).contains("1");
    }

    @Test
    void actionThatThrowsAnErrorStopsNoOtherEither() {
        List<String> log = new ArrayList<>();

        assertThatThrownBy(() -> store.update(tx -> {
                    tx.in(WORDS).put("a", "1");
                    tx.onCommit(revision -> {
                        throw new AssertionError("first");
                    });
                    tx.onCommit(revision -> log.add("ran"));
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessage("first");

        assertThat(log).containsExactly("ran");
        assertThat(store.in(WORDS).get("a")).contains("1");
    }

    @Test
    void actionsOfARollbackNeverRun() {
        List<Long> log = new ArrayList<>();
        try (WriteTransaction tx = store.begin()) {
            tx.in(WORDS).put("a", "1");
            tx.onCommit(log::add);
        }
        assertThatThrownBy(() -> store.update(tx -> {
                    tx.onCommit(log::add);
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(log).isEmpty();
    }

    @Test
    @Needs(Capability.SNAPSHOT_READS)
    void snapshotDoesNotSeeLaterWrites() {
        store.in(WORDS).put("a", "old");
        put(Person.of("ann", "Oslo"));
        long revision = store.revision();
        try (Snapshot before = store.snapshot()) {
            store.in(WORDS).put("a", "new");
            store.in(WORDS).put("b", "new");
            put(Person.of("bob", "Oslo"));

            assertThat(before.in(WORDS).get("a")).contains("old");
            assertThat(before.in(WORDS).scan().keys()).containsExactly("a");
            assertThat(before.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("ann");
            assertThat(before.revision()).isEqualTo(revision);
        }
    }

    @Test
    @Needs(Capability.SNAPSHOT_READS)
    void closedSnapshotSaysSo() {
        Snapshot snapshot = store.snapshot();
        TableReader<String, String> words = snapshot.in(WORDS);
        snapshot.close();
        snapshot.close();

        assertThatThrownBy(() -> words.get("a")).isInstanceOf(KvException.Closed.class);
        assertThatThrownBy(() -> words.scan().toList()).isInstanceOf(KvException.Closed.class);
        assertThatThrownBy(() -> snapshot.in(WORDS)).isInstanceOf(KvException.Closed.class);
        assertThatThrownBy(snapshot::revision).isInstanceOf(KvException.Closed.class);
    }

    @Test
    void readThatHasEndedSaysSo() {
        AtomicReference<ReadTransaction> leaked = new AtomicReference<>();
        TableReader<String, String> words = store.read(tx -> {
            leaked.set(tx);
            return tx.in(WORDS);
        });

        assertThatThrownBy(() -> words.get("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> leaked.get().in(WORDS)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readIsOneView() {
        store.in(WORDS).putAll(Map.of("a", "1", "b", "1"));

        AtomicInteger runs = new AtomicInteger();
        boolean same = store.read(tx -> {
            String a = tx.in(WORDS).getOrNull("a");
            if (runs.incrementAndGet() == 1) {
                store.in(WORDS).putAll(Map.of("a", "2", "b", "2"));
            }
            return a.equals(tx.in(WORDS).getOrNull("b"));
        });

        assertThat(same).isTrue();
    }

    @Test
    void closuresMayReturnNull() {
        assertThat(store.<Object>read(tx -> null)).isNull();
        assertThat(store.<Object>write(tx -> null)).isNull();
    }
}
