// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.Version;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Bringing back what a fork changed. */
@Needs(Capability.FORK)
abstract class MergeContract extends StoreContract {

    private KvStore fork() {
        try (Snapshot snapshot = store.snapshot()) {
            return snapshot.fork();
        }
    }

    @Test
    void mergeBringsPutsAndDeletesInOneCommit() {
        store.in(WORDS).putAll(Map.of("a", "1", "b", "1", "c", "1"));
        try (KvStore fork = fork()) {
            fork.in(WORDS).put("a", "2");
            fork.in(WORDS).delete("b");
            fork.in(WORDS).put("d", "2");
            long before = store.revision();

            store.merge(fork);

            assertThat(store.revision()).isEqualTo(before + 1);
            assertThat(store.in(WORDS).scan().values()).containsExactly("2", "1", "2");
        }
        reopen();
        assertThat(store.in(WORDS).scan().keys()).containsExactly("a", "c", "d");
        assertThat(store.in(WORDS).scan().values()).containsExactly("2", "1", "2");
    }

    @Test
    void mergeKeepsWhatWasDoneHereToOtherKeys() {
        store.in(WORDS).put("a", "1");
        try (KvStore fork = fork()) {
            fork.in(WORDS).put("b", "fork");
            store.in(WORDS).put("a", "store");

            store.merge(fork);

            assertThat(store.in(WORDS).scan().values()).containsExactly("store", "fork");
            assertThat(fork.in(WORDS).get("a")).contains("1");
        }
    }

    @Test
    void mergeBringsTheDefinitionThatAnEarlierMergeLeftOutForWantOfRecords() {
        try (KvStore fork = fork()) {
            fork.in(WORDS).put("a", "1");
            fork.in(WORDS).delete("a");
            store.merge(fork);
            fork.in(WORDS).put("a", "2");

            store.merge(fork);

            assertThat(store.in(WORDS).get("a")).contains("2");
        }
        reopen();
        assertThat(store.in(WORDS).get("a")).contains("2");
    }

    @Test
    void mergeOfAForkThatChangedNothingCommitsNothing() {
        store.in(WORDS).put("a", "1");
        try (KvStore fork = fork()) {
            fork.in(WORDS).get("a");
            store.in(WORDS).put("a", "2");
            long before = store.revision();

            store.merge(fork);

            assertThat(store.revision()).isEqualTo(before);
        }
    }

    @Test
    void indexEntriesFollowTheirRecords() {
        put(Person.of("ann", "Oslo", "x"));
        put(Person.of("bob", "Oslo"));
        try (KvStore fork = fork()) {
            fork.in(PEOPLE).put("ann", Person.of("ann", "Bergen", "y", "z"));
            fork.in(PEOPLE).delete("bob");
            put(Person.of("cid", "Oslo", "y"));

            store.merge(fork);
        }

        assertThat(store.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("cid");
        assertThat(store.in(PEOPLE).by(BY_CITY).eq("Bergen").keys()).containsExactly("ann");
        assertThat(store.in(PEOPLE).by(BY_TAG).eq("y").keys()).containsExactly("ann", "cid");
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void keyChangedOnBothSidesIsAConflictThatAppliesNothingAndIsListed() {
        store.in(WORDS).putAll(Map.of("a", "1", "b", "1", "c", "1"));
        try (KvStore fork = fork()) {
            fork.in(WORDS).putAll(Map.of("a", "fork", "b", "fork"));
            fork.in(WORDS).delete("c");
            store.in(WORDS).put("a", "store");
            store.in(WORDS).put("c", "store");
            long before = store.revision();

            KvException.Conflict conflict = catchThrowableOfType(KvException.Conflict.class, () -> store.merge(fork));

            assertThat(conflict.keys())
                    .containsExactly(
                            new KvException.Conflict.Key("words", "a"), new KvException.Conflict.Key("words", "c"));
            assertThat(conflict.keyCount()).isEqualTo(2);
            assertThat(conflict).hasMessageContaining("words \"a\"").hasMessageContaining("words \"c\"");
            assertThat(store.revision()).isEqualTo(before);
            assertThat(store.in(WORDS).scan().values()).containsExactly("store", "1", "store");
        }
    }

    @Test
    void sameNewKeyOnBothSidesIsAConflict() {
        try (KvStore fork = fork()) {
            fork.in(WORDS).put("a", "same");
            store.in(WORDS).put("a", "same");

            assertThatThrownBy(() -> store.merge(fork)).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void listOfConflictsIsBoundedAndCountsAll() {
        try (KvStore fork = fork()) {
            for (long i = 0; i < 250; i++) {
                fork.in(BLOBS).put(i, new byte[1]);
                store.in(BLOBS).put(i, new byte[2]);
            }

            KvException.Conflict conflict = catchThrowableOfType(KvException.Conflict.class, () -> store.merge(fork));

            assertThat(conflict.keys()).hasSize(KvException.Conflict.KEYS_MAX);
            assertThat(conflict.keyCount()).isEqualTo(250);
            assertThat(conflict.getMessage()).contains("240 more").hasSizeLessThan(1000);
        }
    }

    @Test
    void uniqueIndexHoldsAfterAMerge() {
        try (KvStore fork = fork()) {
            fork.in(PEOPLE).put("ann", Person.of("ann", null).withEmail("x@x"));
            fork.in(PEOPLE).put("cid", Person.of("cid", null).withEmail("c@x"));
            put(Person.of("bob", null).withEmail("x@x"));

            KvException.Conflict conflict = catchThrowableOfType(KvException.Conflict.class, () -> store.merge(fork));

            assertThat(conflict.keys()).containsExactly(new KvException.Conflict.Key("people", "ann"));
            assertThat(store.in(PEOPLE).scan().keys()).containsExactly("bob");
        }
    }

    @Test
    void swapOfUniqueKeysInAForkCanBeMerged() {
        put(Person.of("ann", null).withEmail("a@x"));
        put(Person.of("bob", null).withEmail("b@x"));
        try (KvStore fork = fork()) {
            fork.update(tx -> {
                tx.in(PEOPLE).delete("ann");
                tx.in(PEOPLE).put("bob", Person.of("bob", null).withEmail("a@x"));
                tx.in(PEOPLE).put("ann", Person.of("ann", null).withEmail("b@x"));
            });

            store.merge(fork);

            assertThat(store.in(PEOPLE).by(BY_EMAIL).one("a@x").map(Person::name))
                    .contains("bob");
            assertThat(store.admin().verify().findings()).isEmpty();
        }
    }

    @Test
    void mergedEntriesKeepTheVersionsThatTheForkGaveThem() {
        store.in(WORDS).put("a", "1");
        try (KvStore fork = fork()) {
            fork.in(WORDS).put("a", "2");
            Version inFork = fork.in(WORDS).entry("a").map(Entry::version).orElseThrow();

            store.merge(fork);

            assertThat(store.in(WORDS).entry("a").map(Entry::version)).contains(inFork);
            assertThat(store.in(WORDS).replace("a", inFork, "3")).isTrue();
        }
    }

    @Test
    void forkCanBeMergedAgain() {
        store.in(WORDS).put("a", "1");
        try (KvStore fork = fork()) {
            fork.in(WORDS).put("a", "2");
            store.merge(fork);
            fork.in(WORDS).put("a", "3");
            fork.in(WORDS).put("b", "3");

            store.merge(fork);
            long merged = store.revision();
            store.merge(fork);

            assertThat(store.revision()).isEqualTo(merged);
            assertThat(store.in(WORDS).scan().values()).containsExactly("3", "3");
        }
    }

    @Test
    void changeHereAfterAMergeConflictsWithTheNext() {
        store.in(WORDS).put("a", "1");
        try (KvStore fork = fork()) {
            fork.in(WORDS).put("a", "2");
            store.merge(fork);
            store.in(WORDS).put("a", "3");
            fork.in(WORDS).put("b", "2");
            store.merge(fork);
            fork.in(WORDS).put("a", "4");

            assertThatThrownBy(() -> store.merge(fork)).isInstanceOf(KvException.Conflict.class);
            assertThat(store.in(WORDS).get("a")).contains("3");
        }
    }

    @Test
    void forkOfAForkIsMergedStepByStep() {
        try (KvStore fork = fork();
                Snapshot snapshot = fork.snapshot();
                KvStore second = snapshot.fork()) {
            second.in(WORDS).put("a", "1");

            assertThatThrownBy(() -> store.merge(second)).isInstanceOf(IllegalArgumentException.class);
            fork.merge(second);
            store.merge(fork);

            assertThat(store.in(WORDS).get("a")).contains("1");
        }
    }

    @Test
    void onlyForksOfThisStoreCanBeMerged() {
        StoreHome other = newHome();
        try (KvStore stranger = other.open(Options.defaults());
                Snapshot snapshot = stranger.snapshot();
                KvStore forkOfStranger = snapshot.fork()) {
            assertThatThrownBy(() -> store.merge(store)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.merge(stranger)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.merge(forkOfStranger)).isInstanceOf(IllegalArgumentException.class);
        }
        other.close();
    }

    @Test
    void closedForkCannotBeMerged() {
        KvStore fork = fork();
        fork.in(WORDS).put("a", "1");
        fork.close();

        assertThatThrownBy(() -> store.merge(fork)).isInstanceOf(KvException.Closed.class);
    }

    @Test
    void mergeInsideAWriteIsWrongUse() {
        try (KvStore fork = fork()) {
            store.update(tx -> assertThatThrownBy(() -> store.merge(fork)).isInstanceOf(IllegalStateException.class));
        }
    }

    @Test
    void openTransactionThatReadWhatAMergeChangedConflicts() {
        store.in(WORDS).put("a", "1");
        try (KvStore fork = fork();
                var tx = store.begin()) {
            fork.in(WORDS).put("a", "2");
            tx.in(WORDS).put("b", tx.in(WORDS).getOrNull("a"));

            store.merge(fork);

            assertThatThrownBy(tx::commit).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void tableThatOnlyTheForkHasComesWithItsDefinition() {
        Index<String, String> byValue = Index.unique("by_value", Keys.string(), value -> value);
        Table<String, String> fresh =
                Table.of("fresh", Keys.string(), Values.string()).with(byValue);
        try (KvStore fork = fork()) {
            fork.in(fresh).put("a", "1");
            store.in(WORDS).put("x", "y");
            store.merge(fork);
        }
        reopen();

        assertThat(store.in(fresh).by(byValue).one("1")).contains("1");
        assertThatThrownBy(() -> store.in(fresh).put("b", "1")).isInstanceOf(KvException.UniqueViolation.class);
        assertThatThrownBy(() -> store.in(Table.of("fresh", Keys.int64(), Values.string())))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tableMadeOnBothSidesAlikeIsMerged() {
        try (KvStore fork = fork()) {
            put(Person.of("ann", "Oslo"));
            fork.in(PEOPLE).put("bob", Person.of("bob", "Oslo"));

            store.merge(fork);

            assertThat(store.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("ann", "bob");
            assertThat(store.admin().verify().findings()).isEmpty();
        }
    }

    @Test
    void indexThatOnlyTheForkHasIsNotLeftHalfBuilt() {
        Index<String, String> byValue = Index.of("by_value", Keys.string(), value -> value);
        Table<String, String> indexed =
                Table.of("words", Keys.string(), Values.string()).with(byValue);
        store.in(WORDS).put("a", "1");
        try (KvStore fork = fork()) {
            fork.in(indexed).put("b", "2");
            store.in(WORDS).put("c", "3");

            // This store goes on writing without the index: it would not be whole.
            assertThatThrownBy(() -> store.merge(fork)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void indexThatBothSidesBuiltAloneIsNotMixed() {
        Index<String, String> byValue = Index.of("by_value", Keys.string(), value -> value);
        Table<String, String> indexed =
                Table.of("words", Keys.string(), Values.string()).with(byValue);
        store.in(WORDS).put("a", "1");
        reopen();
        try (KvStore fork = fork()) {
            fork.in(indexed).put("b", "2");
            store.in(indexed).put("a", "3");

            // The fork's index has the entry of what "a" was.
            KvException.Conflict conflict = catchThrowableOfType(KvException.Conflict.class, () -> store.merge(fork));

            assertThat(conflict.keys()).containsExactly(new KvException.Conflict.Key("words", "a"));
            assertThat(store.in(indexed).by(byValue).scan(KeyRange.all()).keys())
                    .containsExactly("a");
        }
    }

    @Test
    void mergeIsThatOfAReferenceOnRandomHistories() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            store.in(WORDS).clear();
            Map<String, String> model = new TreeMap<>();
            change(random, 12, store, model, seed + " base ");
            Map<String, String> base = new TreeMap<>(model);
            try (KvStore fork = fork()) {
                Map<String, String> theirs = new TreeMap<>(base);
                change(random, 4, fork, theirs, seed + " fork ");
                change(random, 3, store, model, seed + " here ");
                boolean conflicts = false;
                Map<String, String> merged = new TreeMap<>(model);
                for (int key = 0; key < 30; key++) {
                    String name = "k" + key;
                    if (!Objects.equals(theirs.get(name), base.get(name))) {
                        conflicts |= !Objects.equals(model.get(name), base.get(name));
                        merged.compute(name, (k, old) -> theirs.get(k));
                    }
                }
                if (conflicts) {
                    assertThatThrownBy(() -> store.merge(fork)).isInstanceOf(KvException.Conflict.class);
                    assertThat(contents(store)).isEqualTo(model);
                } else {
                    store.merge(fork);
                    assertThat(contents(store)).isEqualTo(merged);
                }
            }
        }
    }

    /** Each key at most once, so that no key comes back to what it was. */
    private static void change(Random random, int times, KvStore store, Map<String, String> model, String value) {
        List<Integer> keys = random.ints(0, 30).distinct().limit(times).boxed().toList();
        for (int key : keys) {
            String name = "k" + key;
            if (random.nextInt(3) == 0 && model.containsKey(name)) {
                store.in(WORDS).delete(name);
                model.remove(name);
            } else {
                store.in(WORDS).put(name, value + key);
                model.put(name, value + key);
            }
        }
    }

    private static Map<String, String> contents(KvStore store) {
        Map<String, String> contents = new TreeMap<>();
        store.in(WORDS).scan().forEach(entry -> contents.put(entry.key(), entry.value()));
        return contents;
    }
}
