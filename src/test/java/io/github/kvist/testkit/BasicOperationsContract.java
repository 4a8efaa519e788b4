// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Entry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Slice;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reading and writing single records, in and out of transactions. */
abstract class BasicOperationsContract extends StoreContract {

    @Test
    void whatWasPutIsThere() {
        store.in(WORDS).put("a", "1");

        assertThat(store.in(WORDS).get("a")).contains("1");
        assertThat(store.in(WORDS).getOrNull("a")).isEqualTo("1");
        assertThat(store.in(WORDS).contains("a")).isTrue();
        assertThat(store.in(WORDS).count()).isEqualTo(1);
    }

    @Test
    void whatWasNeverPutIsNotThere() {
        long before = store.revision();

        assertThat(store.in(WORDS).get("a")).isEmpty();
        assertThat(store.in(WORDS).getOrNull("a")).isNull();
        assertThat(store.in(WORDS).contains("a")).isFalse();
        assertThat(store.in(WORDS).entry("a")).isEmpty();
        assertThat(store.in(WORDS).count()).isZero();
        assertThat(store.in(WORDS).scan().toList()).isEmpty();
        assertThat(store.revision()).isEqualTo(before);
    }

    @Test
    void putReplaces() {
        store.in(WORDS).put("a", "1");
        store.in(WORDS).put("a", "2");

        assertThat(store.in(WORDS).scan().values()).containsExactly("2");
    }

    @Test
    void everyCommitHasAHigherRevision() {
        List<Long> revisions = new ArrayList<>(List.of(store.revision()));
        for (Runnable write : List.<Runnable>of(
                () -> store.in(WORDS).put("a", "1"),
                () -> store.in(WORDS).put("a", "2"),
                () -> store.in(WORDS).delete("a"))) {
            write.run();
            revisions.add(store.revision());
        }

        assertThat(revisions).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void entryHasKeyValueVersionAndNoDeadline() {
        store.in(WORDS).put("a", "1");

        Entry<String, String> entry = store.in(WORDS).entry("a").orElseThrow();

        assertThat(entry.key()).isEqualTo("a");
        assertThat(entry.value()).isEqualTo("1");
        assertThat(entry.expiresAt()).isNull();
        assertThat(entry).isEqualTo(store.in(WORDS).scan().toList().get(0));
    }

    @Test
    void emptyKeysAndValuesAreKeysAndValues() {
        store.in(WORDS).put("", "");
        store.in(BLOBS).put(0L, new byte[0]);

        assertThat(store.in(WORDS).get("")).contains("");
        assertThat(store.in(WORDS).scan().keys()).containsExactly("");
        assertThat(store.in(BLOBS).getOrNull(0L)).isEmpty();
        assertThat(store.in(WORDS).delete("")).isTrue();
    }

    @Test
    void arraysThatChangeLaterChangeNothing() {
        Table<byte[], byte[]> raw = Table.of("raw", Keys.bytes(), Values.bytes());
        byte[] key = {1};
        byte[] value = {2};
        store.in(raw).put(key, value);
        key[0] = 9;
        value[0] = 9;

        byte[] read = store.in(raw).getOrNull(new byte[] {1});
        assertThat(read).containsExactly(2);
        read[0] = 9;

        assertThat(store.in(raw).getOrNull(new byte[] {1})).containsExactly(2);
    }

    @Test
    void sliceStaysWhatItWas() {
        Table<Long, Slice> slices = Table.of("blobs", Keys.int64(), Values.slices());
        store.in(BLOBS).put(1L, new byte[] {1, 2, 3});
        Slice slice = store.in(slices).getOrNull(1L);

        store.in(BLOBS).put(1L, new byte[] {4, 5, 6});
        store.in(BLOBS).clear();

        assertThat(slice.toBytes()).containsExactly(1, 2, 3);
    }

    @Test
    void nullsAreRefused() {
        TableWriter<String, String> words = store.in(WORDS);

        assertThatThrownBy(() -> words.get(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> words.put(null, "1")).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> words.put("a", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> words.delete(null)).isInstanceOf(NullPointerException.class);
        Map<String, String> withNull = new HashMap<>();
        withNull.put("a", "1");
        withNull.put("b", null);
        assertThatThrownBy(() -> words.putAll(withNull)).isInstanceOf(NullPointerException.class);
        assertThat(words.count()).isZero();
    }

    @Test
    void putAllPutsAll() {
        store.in(WORDS).putAll(Map.of("a", "1", "b", "2", "c", "3"));

        assertThat(store.in(WORDS).scan().keys()).containsExactly("a", "b", "c");
    }

    @Test
    void ofTwoKeysWithTheSameBytesOneIsPut() {
        Table<byte[], Person> raw =
                Table.of("raw", Keys.bytes(), Values.json(Person.class)).with(BY_CITY);
        Map<byte[], Person> twins = new LinkedHashMap<>();
        twins.put(new byte[] {1}, Person.of("ann", "Oslo"));
        twins.put(new byte[] {1}, Person.of("bob", "Bergen"));

        store.in(raw).putAll(twins);

        assertThat(store.in(raw).by(BY_CITY).scan(KeyRange.all()).values())
                .extracting(Person::name)
                .containsExactly("bob");
    }

    @Test
    void getAllGivesWhatIsThereInTheOrderAskedFor() {
        store.in(WORDS).putAll(Map.of("a", "1", "b", "2", "c", "3"));

        assertThat(store.in(WORDS).getAll(List.of("c", "x", "a")))
                .isEqualTo(Map.of("c", "3", "a", "1"))
                .extractingFromEntries(Map.Entry::getKey)
                .containsExactly("c", "a");
    }

    @Test
    void putIfAbsentStoresOnlyWhereNothingIs() {
        assertThat(store.in(WORDS).putIfAbsent("a", "1")).isEmpty();
        assertThat(store.in(WORDS).putIfAbsent("a", "2")).contains("1");
        assertThat(store.in(WORDS).putIfAbsent("b", "3")).isEmpty();

        assertThat(store.in(WORDS).scan().values()).containsExactly("1", "3");
    }

    @Test
    void computeGetsNullForAbsentAndRemovesWithNull() {
        assertThat(store.in(WORDS).compute("a", old -> old + "!")).isEqualTo("null!");
        assertThat(store.in(WORDS).compute("a", old -> old + "!")).isEqualTo("null!!");
        assertThat(store.in(WORDS).compute("a", old -> null)).isNull();
        assertThat(store.in(WORDS).compute("a", old -> null)).isNull();

        assertThat(store.in(WORDS).count()).isZero();
    }

    @Test
    void closureOfComputeThatThrowsChangesNothing() {
        store.in(WORDS).put("a", "1");

        assertThatThrownBy(() -> store.in(WORDS).compute("a", old -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no");

        assertThat(store.in(WORDS).get("a")).contains("1");
    }

    @Test
    void deleteSaysWhetherThereWasSomething() {
        store.in(WORDS).put("a", "1");

        assertThat(store.in(WORDS).delete("a")).isTrue();
        assertThat(store.in(WORDS).delete("a")).isFalse();
        assertThat(store.in(WORDS).contains("a")).isFalse();
    }

    @Test
    void deleteRangeSaysHowMany() {
        store.in(WORDS).putAll(Map.of("a", "1", "b", "2", "c", "3", "d", "4"));

        assertThat(store.in(WORDS).deleteRange(KeyRange.closedOpen("b", "d"))).isEqualTo(2);
        assertThat(store.in(WORDS).deleteRange(KeyRange.open("x", "x"))).isZero();
        assertThat(store.in(WORDS).scan().keys()).containsExactly("a", "d");

        store.in(WORDS).clear();
        assertThat(store.in(WORDS).count()).isZero();
    }

    @Test
    void tablesDoNotMixWhateverTheirNames() {
        List<String> names = List.of("a", "a/b", "a%2Fb", "b", "a/b/c", "%", "s/definitions", "Ä b.c");
        for (String name : names) {
            store.in(Table.of(name, Keys.string(), Values.string())).put("k", name);
        }

        for (String name : names) {
            Table<String, String> table = Table.of(name, Keys.string(), Values.string());
            assertThat(store.in(table).scan().values()).containsExactly(name);
        }
    }

    @Test
    void nothingShowsValuesAsText() {
        store.in(WORDS).put("k", "CANARY");
        try (KvStore same = store) {
            assertThat(List.of(
                            same.toString(),
                            same.in(WORDS).toString(),
                            same.in(WORDS).scan().toString(),
                            same.in(WORDS).scan().cursor().toString(),
                            same.read(Object::toString),
                            same.<String>write(tx -> tx.in(WORDS).toString() + tx),
                            same.in(PEOPLE).by(BY_CITY).toString()))
                    .noneMatch(text -> text.contains("CANARY"));
        }
    }

    @Test
    @Needs({Capability.SNAPSHOT_READS, Capability.SAVEPOINTS})
    void nothingShowsValuesAsTextInSnapshotsAndSavepoints() {
        store.in(WORDS).put("k", "CANARY");
        try (Snapshot snapshot = store.snapshot()) {
            assertThat(snapshot.toString() + store.<String>write(tx -> "" + tx.savepoint()))
                    .doesNotContain("CANARY");
        }
    }

    @Test
    void closedStoreRefusesEverything() {
        TableWriter<String, String> words = store.in(WORDS);
        words.put("a", "1");

        store.close();
        store.close();

        for (Runnable call : List.<Runnable>of(
                () -> words.get("a"),
                () -> words.getOrNull("a"),
                () -> words.put("a", "1"),
                () -> words.delete("a"),
                () -> words.scan().toList(),
                () -> words.count(),
                () -> store.in(WORDS),
                () -> store.read(tx -> 1),
                () -> store.update(tx -> {}),
                () -> store.begin(),
                () -> store.snapshot(),
                () -> store.revision(),
                () -> store.capabilities(),
                () -> store.admin())) {
            assertThatThrownBy(call::run).isInstanceOf(KvException.Closed.class);
        }
    }
}
