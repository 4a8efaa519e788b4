// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Change;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is different between two snapshots. */
@Needs(Capability.DIFF)
abstract class DiffContract extends StoreContract {

    private List<Change<?, ?>> diff(Snapshot from, Snapshot to) {
        try (Stream<Change<?, ?>> changes = store.diff(from, to)) {
            return changes.toList();
        }
    }

    private static <K, V> Change<K, V> change(
            Table<K, V> table, Change.Kind kind, K key, @Nullable V before, @Nullable V after) {
        return new Change<>(table, kind, key, before, after);
    }

    @Test
    void changesAreTypedNetEffects() {
        store.in(WORDS).putAll(Map.of("changed", "1", "gone", "1", "same", "1"));
        try (Snapshot from = store.snapshot()) {
            store.in(WORDS).put("changed", "2");
            store.in(WORDS).put("changed", "3");
            store.in(WORDS).delete("gone");
            store.in(WORDS).put("new", "1");
            store.in(WORDS).put("came and went", "1");
            store.in(WORDS).delete("came and went");
            try (Snapshot to = store.snapshot()) {
                assertThat(diff(from, to))
                        .containsExactly(
                                change(WORDS, Change.Kind.PUT, "changed", "1", "3"),
                                change(WORDS, Change.Kind.DELETE, "gone", "1", null),
                                change(WORDS, Change.Kind.PUT, "new", null, "1"));
            }
        }
    }

    @Test
    void upsideDownTheChangesLeadBack() {
        store.in(WORDS).put("a", "1");
        try (Snapshot older = store.snapshot()) {
            store.in(WORDS).put("a", "2");
            store.in(WORDS).put("b", "2");
            try (Snapshot newer = store.snapshot()) {
                assertThat(diff(newer, older))
                        .containsExactly(
                                change(WORDS, Change.Kind.PUT, "a", "2", "1"),
                                change(WORDS, Change.Kind.DELETE, "b", "2", null));
            }
        }
    }

    @Test
    void snapshotsOfOneRevisionDoNotDiffer() {
        put(Person.of("ann", "Oslo"));
        try (Snapshot one = store.snapshot();
                Snapshot other = store.snapshot()) {
            assertThat(diff(one, other)).isEmpty();
            assertThat(diff(one, one)).isEmpty();
        }
    }

    @Test
    void onlyRecordsAreShownNotTheirIndexEntries() {
        try (Snapshot from = store.snapshot()) {
            put(Person.of("ann", "Oslo", "x", "y").withEmail("a@x"));
            try (Snapshot to = store.snapshot()) {
                assertThat(diff(from, to))
                        .containsExactly(change(
                                PEOPLE,
                                Change.Kind.PUT,
                                "ann",
                                null,
                                Person.of("ann", "Oslo", "x", "y").withEmail("a@x")));
            }
        }
    }

    @Test
    void tableThatTheProgramNeverNamedShowsItsBytes() {
        try (Snapshot from = store.snapshot();
                KvStore fork = from.fork()) {
            fork.in(WORDS).put("a", "1");
            store.merge(fork);
            try (Snapshot to = store.snapshot()) {
                assertThat(diff(from, to)).singleElement().satisfies(change -> {
                    assertThat(change.table().name()).isEqualTo("words");
                    assertThat(change.key()).isEqualTo(new byte[] {'a'});
                    assertThat(change.after()).isEqualTo(new byte[] {'1'});
                });
            }
        }
    }

    @Test
    void snapshotsOfOtherStoresAreRefused() {
        StoreHome other = newHome();
        try (Snapshot ours = store.snapshot();
                KvStore fork = ours.fork();
                Snapshot ofFork = fork.snapshot();
                KvStore stranger = other.open(Options.defaults());
                Snapshot theirs = stranger.snapshot()) {
            assertThatThrownBy(() -> store.diff(ours, theirs)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.diff(theirs, ours)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.diff(ours, ofFork)).isInstanceOf(IllegalArgumentException.class);
        }
        other.close();
    }

    @Test
    void closedSnapshotIsRefusedAtOnceAndOnTheWay() {
        Snapshot from = store.snapshot();
        store.in(WORDS).putAll(Map.of("a", "1", "b", "1"));
        try (Snapshot to = store.snapshot();
                Stream<Change<?, ?>> changes = store.diff(from, to)) {
            Iterator<Change<?, ?>> iterator = changes.iterator();
            iterator.next();
            from.close();

            assertThatThrownBy(iterator::next).isInstanceOf(KvException.Closed.class);
            assertThatThrownBy(() -> store.diff(from, to)).isInstanceOf(KvException.Closed.class);
            assertThatThrownBy(() -> store.diff(to, from)).isInstanceOf(KvException.Closed.class);
        }
    }

    @Test
    void streamCanBeLeftBeforeItsEnd() {
        try (Snapshot from = store.snapshot()) {
            for (long i = 0; i < 5_000; i++) {
                store.in(BLOBS).put(i, new byte[8]);
            }
            try (Snapshot to = store.snapshot();
                    Stream<Change<?, ?>> changes = store.diff(from, to)) {
                assertThat(changes.limit(3).map(Change::key).toList()).isEqualTo(List.of(0L, 1L, 2L));
            }
        }
    }

    @Test
    void changesAppliedToTheOneGiveTheOther() {
        Random random = new Random(7);
        for (int round = 0; round < 40; round++) {
            int size = random.nextInt(400);
            try (Snapshot from = store.snapshot()) {
                store.update(tx -> {
                    for (int i = 0; i < size; i++) {
                        String key = "k" + random.nextInt(600);
                        if (random.nextInt(3) == 0) {
                            tx.in(WORDS).delete(key);
                        } else {
                            tx.in(WORDS).put(key, "v" + random.nextInt(4));
                        }
                    }
                });
                try (Snapshot to = store.snapshot()) {
                    assertThat(applied(from, to)).isEqualTo(contents(to));
                    assertThat(applied(to, from)).isEqualTo(contents(from));
                }
            }
        }
    }

    private Map<String, String> applied(Snapshot from, Snapshot to) {
        Map<String, String> contents = contents(from);
        for (Change<?, ?> change : diff(from, to)) {
            String key = (String) change.key();
            assertThat(change.before()).isEqualTo(contents.get(key));
            contents.remove(key);
            if (change.after() != null) {
                contents.put(key, (String) change.after());
            }
        }
        return contents;
    }

    private static Map<String, String> contents(Snapshot snapshot) {
        Map<String, String> contents = new TreeMap<>();
        snapshot.in(WORDS).scan().forEach(entry -> contents.put(entry.key(), entry.value()));
        return contents;
    }

    @Test
    @Needs(Capability.EXPIRY)
    void eachSnapshotIsJudgedByItsOwnInstant() {
        SettableClock clock = new SettableClock(Instant.parse("2030-01-01T00:00:00Z"));
        reopen(Options.defaults().clock(clock));
        Instant start = clock.instant();
        store.in(WORDS).put("stays", "1");
        store.in(WORDS).put("goes", "1", Expiry.at(start.plusSeconds(10)));
        store.in(WORDS).put("goes too", "1", Expiry.at(start.plusSeconds(5)));
        try (Snapshot alive = store.snapshot()) {
            clock.move(Duration.ofSeconds(20));
            try (Snapshot due = store.snapshot()) {
                List<Change<?, ?>> expired = List.of(
                        change(WORDS, Change.Kind.EXPIRE, "goes", "1", null),
                        change(WORDS, Change.Kind.EXPIRE, "goes too", "1", null));
                assertThat(diff(alive, due)).isEqualTo(expired);
                assertThat(diff(due, alive))
                        .containsExactly(
                                change(WORDS, Change.Kind.PUT, "goes", null, "1"),
                                change(WORDS, Change.Kind.PUT, "goes too", null, "1"));
                store.admin().sweep();
                try (Snapshot swept = store.snapshot()) {
                    assertThat(diff(alive, swept)).isEqualTo(expired);
                    assertThat(diff(due, swept)).isEmpty();
                }
            }
        }
    }

    @Test
    @Needs(Capability.EXPIRY)
    void changedAndDueEntriesComeInOrder() {
        SettableClock clock = new SettableClock(Instant.parse("2030-01-01T00:00:00Z"));
        reopen(Options.defaults().clock(clock));
        Expiry soon = Expiry.at(clock.instant().plusSeconds(10));
        store.update(tx -> {
            for (int i = 0; i < 2_000; i++) {
                tx.in(WORDS).put("k%04d".formatted(i), "1", i % 3 == 0 ? soon : Expiry.never());
            }
        });
        try (Snapshot from = store.snapshot()) {
            store.update(tx -> {
                for (int i = 1; i < 2_000; i += 3) {
                    tx.in(WORDS).put("k%04d".formatted(i), "2");
                }
            });
            clock.move(Duration.ofSeconds(20));
            try (Snapshot to = store.snapshot()) {
                List<Change<?, ?>> changes = diff(from, to);
                assertThat(changes.stream().map(change -> (String) change.key()))
                        .isSorted()
                        .hasSize(667 + 667);
                assertThat(applied(from, to)).isEqualTo(contents(to));
            }
        }
    }
}
