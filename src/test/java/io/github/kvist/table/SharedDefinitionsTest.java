// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.ReferenceBackend;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Definitions where two programs use one system: here two stores on one backend. */
final class SharedDefinitionsTest {

    private static final Index<String, String> BY_TEXT = Index.of("by_text", Keys.string(), value -> value);
    private static final Index<String, Integer> BY_LENGTH = Index.of("by_length", Keys.int32(), String::length);
    private static final Table<Integer, String> PLAIN = Table.of("texts", Keys.int32(), Values.string());
    private static final Table<Integer, String> INDEXED = PLAIN.with(BY_TEXT);

    private final ReferenceBackend backend = ReferenceBackend.shared();
    private final KvStore older = Kvist.open(backend, Options.defaults());
    private final KvStore newer = Kvist.open(backend, Options.defaults());

    @Test
    void whatOneProgramWritesTheOtherFindsByItsIndex() {
        older.in(INDEXED).put(1, "a");
        newer.in(INDEXED).put(2, "a");

        assertThat(older.in(INDEXED).by(BY_TEXT).eq("a").keys()).containsExactly(1, 2);
    }

    @Test
    void programWithoutAnIndexThatTheTableGotIsRefusedFromThenOn() {
        older.in(PLAIN).put(1, "a");
        newer.in(INDEXED).put(2, "b");

        for (Runnable write : new Runnable[] {
            () -> older.in(PLAIN).put(3, "c"),
            () -> older.in(PLAIN).delete(1),
            () -> older.in(PLAIN).putIfAbsent(3, "c"),
            () -> older.in(PLAIN)
                    .replace(1, older.in(PLAIN).entry(1).orElseThrow().version(), "c"),
            () -> older.update(tx -> tx.in(PLAIN).put(3, "c"))
        }) {
            assertThatThrownBy(write::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("by_text")
                    .hasMessageContaining("newer program");
        }
        assertThat(older.in(PLAIN).get(1)).contains("a");
        assertThat(newer.in(INDEXED).by(BY_TEXT).scan(KeyRange.all()).keys()).containsExactly(1, 2);
    }

    @Test
    void transactionThatBeganBeforeTheIndexConflicts() {
        older.in(PLAIN).put(1, "a");
        try (WriteTransaction early = older.begin()) {
            early.in(PLAIN).put(2, "b");
            newer.in(INDEXED).by(BY_TEXT).count("a");

            assertThatThrownBy(early::commit).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void indexOfAHigherRevisionIsBuiltAnewAndOneOfALowerIsRefused() {
        Index<String, String> reversed = Index.<String, String>of(
                        "by_text",
                        Keys.string(),
                        value -> new StringBuilder(value).reverse().toString())
                .revised(1);
        older.in(INDEXED).put(1, "ab");
        newer.in(PLAIN.with(reversed)).put(2, "cd");

        assertThat(newer.in(PLAIN.with(reversed))
                        .by(reversed)
                        .scan(KeyRange.all())
                        .values())
                .containsExactly("ab", "cd");
        assertThatThrownBy(() -> older.in(INDEXED).put(3, "ef")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void indexOfManyRecordsIsBuiltInBatchesWhileOthersWrite() {
        TreeMap<Integer, String> records = new TreeMap<>();
        for (int i = 0; i < 2_345; i++) {
            records.put(i, "text " + i);
        }
        older.in(PLAIN).putAll(records);
        long before = backend.revision();

        assertThat(newer.in(PLAIN.with(BY_LENGTH)).by(BY_LENGTH).count(KeyRange.all()))
                .isEqualTo(2_345);

        assertThat(backend.revision() - before).isGreaterThan(5);
        assertThat(newer.in(PLAIN.with(BY_LENGTH)).by(BY_LENGTH).count(6)).isEqualTo(10);
    }

    @Test
    void buildThatBreaksAUniqueIndexIsGivenUpAndTheTableGoesOnAsItWas() {
        TreeMap<Integer, String> records = new TreeMap<>();
        for (int i = 0; i < 1_500; i++) {
            records.put(i, "text " + i);
        }
        records.put(700, "text 800");
        older.in(PLAIN).putAll(records);
        Index<String, String> unique = Index.unique("u", Keys.string(), value -> value);
        Table<Integer, String> table = PLAIN.with(unique);
        assertThatThrownBy(() -> newer.in(table).by(unique).one("text 1"))
                .isInstanceOf(KvException.UniqueViolation.class);

        older.in(PLAIN).put(700, "text 700");

        assertThat(newer.in(table).by(unique).one("text 700")).contains("text 700");
        assertThat(newer.in(table).by(unique).count(KeyRange.all())).isEqualTo(1_500);
        assertThatThrownBy(() -> newer.in(table).put(700, "text 800")).isInstanceOf(KvException.UniqueViolation.class);
    }

    @Test
    void indexThatWasDroppedNoLongerRefusesProgramsWithoutIt() {
        TreeMap<Integer, String> records = new TreeMap<>();
        for (int i = 0; i < 1_200; i++) {
            records.put(i, "text " + i);
        }
        newer.in(INDEXED).putAll(records);
        assertThatThrownBy(() -> newer.admin().dropIndex("texts", "by_text"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("by_text");

        older.admin().dropIndex("texts", "by_text");
        older.in(PLAIN).put(1, "changed");

        assertThat(backend.view().count(backend.keyspace(KeyspaceNames.index("texts", "by_text")), new byte[0], null))
                .isZero();
        KvStore newest = Kvist.open(backend, Options.defaults());
        assertThat(newest.in(INDEXED).by(BY_TEXT).eq("changed").keys())
                .as("built anew")
                .containsExactly(1);
    }
}
