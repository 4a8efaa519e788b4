// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Change;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.Version;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Going on from a snapshot in private. */
@Needs(Capability.FORK)
abstract class ForkContract extends StoreContract {

    private KvStore fork() {
        try (Snapshot snapshot = store.snapshot()) {
            return snapshot.fork();
        }
    }

    @Test
    void forkBeginsWithItsSnapshotAndNotWithWhatCameLater() {
        store.in(WORDS).put("a", "1");
        try (Snapshot snapshot = store.snapshot()) {
            store.in(WORDS).put("a", "2");

            try (KvStore fork = snapshot.fork()) {
                assertThat(fork.in(WORDS).scan().values()).containsExactly("1");
                assertThat(fork.revision()).isEqualTo(snapshot.revision());
            }
        }
    }

    @Test
    void neitherSeesWhatTheOtherDoes() {
        store.in(WORDS).put("a", "1");
        try (KvStore fork = fork()) {
            fork.in(WORDS).put("a", "fork");
            fork.in(WORDS).put("b", "fork");
            store.in(WORDS).put("c", "store");

            assertThat(store.in(WORDS).scan().keys()).containsExactly("a", "c");
            assertThat(store.in(WORDS).get("a")).contains("1");
            assertThat(fork.in(WORDS).scan().values()).containsExactly("fork", "fork");
        }
    }

    @Test
    void forkKeepsIndexesInStep() {
        put(Person.of("ann", "Oslo", "x"));
        try (KvStore fork = fork()) {
            fork.in(PEOPLE).put("ann", Person.of("ann", "Bergen", "y"));
            fork.in(PEOPLE).put("bob", Person.of("bob", "Oslo").withEmail("b@x"));

            assertThat(fork.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("bob");
            assertThat(fork.in(PEOPLE).by(BY_TAG).scan(KeyRange.all()).keys()).containsExactly("ann");
            assertThat(fork.in(PEOPLE).by(BY_EMAIL).one("b@x")).isPresent();
            assertThat(store.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("ann");
            assertThat(fork.admin().verify().findings()).isEmpty();
            assertThat(store.admin().verify().findings()).isEmpty();
        }
    }

    @Test
    void uniqueIndexOfAForkKnowsTheRecordsOfItsOrigin() {
        put(Person.of("ann", null).withEmail("x@x"));
        try (KvStore fork = fork()) {
            Person twin = Person.of("bob", null).withEmail("x@x");

            assertThatThrownBy(() -> fork.in(PEOPLE).put("bob", twin)).isInstanceOf(KvException.UniqueViolation.class);
        }
    }

    @Test
    void forkHasTransactionsAndConflictsOfItsOwn() {
        store.in(WORDS).put("a", "1");
        try (KvStore fork = fork();
                WriteTransaction inFork = fork.begin();
                WriteTransaction inStore = store.begin()) {
            inFork.in(WORDS).put("b", inFork.in(WORDS).getOrNull("a") + "+");
            inStore.in(WORDS).put("a", "2");
            inStore.commit();
            inFork.commit();

            assertThat(fork.in(WORDS).get("b")).contains("1+");
        }
    }

    @Test
    void forkHasSnapshotsAndForksOfItsOwn() {
        store.in(WORDS).put("a", "1");
        try (KvStore fork = fork()) {
            fork.in(WORDS).put("b", "2");
            try (Snapshot snapshot = fork.snapshot()) {
                fork.in(WORDS).put("b", "3");
                try (KvStore second = snapshot.fork()) {
                    second.in(WORDS).put("c", "4");

                    assertThat(second.in(WORDS).scan().values()).containsExactly("1", "2", "4");
                    assertThat(fork.in(WORDS).scan().values()).containsExactly("1", "3");
                }
            }
        }
    }

    @Test
    void forkLivesOnAfterItsOriginWasClosed() {
        store.in(WORDS).put("a", "1");
        KvStore fork = fork();

        reopen();

        fork.in(WORDS).put("b", "2");
        assertThat(fork.in(WORDS).scan().values()).containsExactly("1", "2");
        fork.close();
        assertThat(store.in(WORDS).scan().values()).containsExactly("1");
    }

    @Test
    void writeInAForkInsideAWriteOfItsOriginIsFine() {
        try (KvStore fork = fork()) {
            store.update(tx -> {
                fork.in(WORDS).put("a", "fork");
                fork.update(inner -> inner.in(WORDS).put("b", "fork"));
                tx.in(WORDS).put("c", "store");
                assertThatThrownBy(() -> store.in(WORDS).put("d", "x")).isInstanceOf(IllegalStateException.class);
            });

            assertThat(fork.in(WORDS).scan().keys()).containsExactly("a", "b");
            assertThat(store.in(WORDS).scan().keys()).containsExactly("c");
        }
    }

    @Test
    void closedForkIsClosedAndItsOriginIsNot() {
        KvStore fork = fork();
        fork.close();
        fork.close();

        assertThatThrownBy(() -> fork.in(WORDS).get("a")).isInstanceOf(KvException.Closed.class);
        store.in(WORDS).put("a", "1");
    }

    @Test
    void closedSnapshotCannotBeForked() {
        Snapshot snapshot = store.snapshot();
        snapshot.close();

        assertThatThrownBy(snapshot::fork).isInstanceOf(KvException.Closed.class);
    }

    @Test
    void tablesMadeOnBothSidesStayApart() {
        Table<String, String> left = Table.of("left", Keys.string(), Values.string());
        Table<String, Long> right = Table.of("right", Keys.string(), Values.int64());
        try (KvStore fork = fork()) {
            store.in(left).put("a", "store");
            fork.in(right).put("a", 1L);

            assertThat(store.in(right).count()).isZero();
            assertThat(fork.in(left).count()).isZero();
        }
        reopen();
        assertThat(store.in(left).get("a")).contains("store");
    }

    /** What a fork of the fork puts is merged into it, so that the fork itself is never given the table. */
    private static Change<?, ?> mergedChange(KvStore fork, Table<String, String> table) throws InterruptedException {
        try (Snapshot before = fork.snapshot();
                Watch watch = fork.watch(WatchOptions.all());
                KvStore inner = before.fork()) {
            inner.in(table).put("a", "inner");
            fork.merge(inner);
            try (Snapshot after = fork.snapshot();
                    Stream<Change<?, ?>> changes = fork.diff(before, after)) {
                List<? extends Change<?, ?>> different = changes.toList();
                WatchEvent.Committed seen =
                        (WatchEvent.Committed) Objects.requireNonNull(watch.next(Duration.ofSeconds(10)));
                assertThat(different).hasSize(1);
                assertThat(List.<Change<?, ?>>copyOf(seen.changes())).hasToString(different.toString());
                return different.get(0);
            }
        }
    }

    @Test
    void changesOfAForkHaveTheTypesOfTablesItsOriginWasGiven() throws InterruptedException {
        store.in(WORDS).put("a", "1");
        try (KvStore fork = fork()) {
            Change<?, ?> expected = new Change<>(WORDS, Change.Kind.PUT, "a", "1", "inner");

            assertThat(mergedChange(fork, WORDS)).isEqualTo(expected);
        }
    }

    @Test
    void changesOfAForksForkHaveThemToo() throws InterruptedException {
        store.in(WORDS).put("a", "1");
        try (KvStore fork = fork();
                Snapshot ofFork = fork.snapshot();
                KvStore second = ofFork.fork()) {
            assertThat(mergedChange(second, WORDS).table()).isSameAs(WORDS);
        }
    }

    @Test
    void tableThatTheForkIsGivenComesBeforeTheOriginsOne() throws InterruptedException {
        Table<String, String> another = Table.of("words", Keys.string(), Values.string())
                .with(Index.of("by_value", Keys.string(), value -> value));
        store.in(WORDS).put("a", "1");
        try (KvStore fork = fork()) {
            fork.in(another).put("b", "2");

            assertThat(mergedChange(fork, another).table()).isSameAs(another);
            assertThat(fork.admin().verify().findings()).isEmpty();
        }
    }

    @Test
    void tableThatIsStoredOtherwiseInTheForkAppearsWithItsBytes() throws InterruptedException {
        Table<byte[], byte[]> bytes = Table.of("words", Keys.bytes(), Values.bytes());
        store.in(WORDS).count();
        try (KvStore fork = fork();
                Snapshot before = fork.snapshot();
                KvStore inner = before.fork()) {
            inner.in(bytes).put(new byte[] {-1}, new byte[] {-1});
            fork.merge(inner);
            try (Snapshot after = fork.snapshot();
                    Stream<Change<?, ?>> changes = fork.diff(before, after)) {
                assertThat(changes.<Object>map(Change::key)).containsExactly(new byte[] {-1});
            }
        }
    }

    @Test
    void versionsOfOriginAndForkNeverMeet() {
        store.in(WORDS).put("a", "1");
        try (KvStore fork = fork()) {
            store.in(WORDS).put("a", "2");
            fork.in(WORDS).put("a", "2");

            Version here = store.in(WORDS).entry("a").map(Entry::version).orElseThrow();
            assertThat(fork.in(WORDS).entry("a").map(Entry::version)).isNotEqualTo(here);
            assertThat(fork.in(WORDS).replace("a", here, "3")).isFalse();
        }
    }
}
