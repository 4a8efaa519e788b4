// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Savepoint;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scans of an index in a transaction that writes meanwhile: they show what was there when they began. */
final class CursorsBesideWritesTest {
    private static final Index<String, String> BY_TEXT = Index.of("by_text", Keys.string(), text -> text);
    private static final Table<String, String> WORDS =
            Table.of("words", Keys.string(), Values.string()).with(BY_TEXT);
    private static final Table<String, String> OTHERS =
            Table.of("others", Keys.string(), Values.string()).with(BY_TEXT);

    private final KvStore store = Kvist.inMemory();

    @BeforeEach
    void fill() {
        for (String each : List.of("a", "b", "c", "d")) {
            store.in(WORDS).put(each, "old " + each);
            store.in(OTHERS).put(each, "old " + each);
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void writesToOneTableDoNotDisturbAScanOfAnother() {
        try (WriteTransaction tx = store.begin()) {
            Iterator<Entry<String, String>> words = scan(tx, WORDS);
            Iterator<Entry<String, String>> others = scan(tx, OTHERS);
            assertThat(words.next().value()).isEqualTo("old a");
            assertThat(others.next().value()).isEqualTo("old a");

            tx.in(WORDS).put("b", "new b");
            tx.in(WORDS).delete("c");
            tx.in(OTHERS).put("d", "new d");

            assertThat(rest(words)).containsExactly("old b", "old c", "old d");
            assertThat(rest(others)).containsExactly("old b", "old c", "old d");
        }
    }

    @Test
    void scanOutlivesRollbacksAndTheWritesBetweenThem() {
        try (WriteTransaction tx = store.begin()) {
            Savepoint start = tx.savepoint();
            Iterator<Entry<String, String>> begun = scan(tx, WORDS);
            Iterator<Entry<String, String>> fresh = scan(tx, WORDS);
            assertThat(begun.next().key()).isEqualTo("a");
            tx.in(WORDS).put("b", "new b");

            tx.rollbackTo(start);
            tx.in(WORDS).put("c", "new c");
            tx.rollbackTo(start);

            assertThat(rest(begun)).containsExactly("old b", "old c", "old d");
            assertThat(rest(fresh)).containsExactly("old a", "old b", "old c", "old d");
        }
    }

    @Test
    void scanOfSomeEndsAfterThem() {
        try (WriteTransaction tx = store.begin()) {
            Savepoint start = tx.savepoint();
            Iterator<Entry<String, String>> two =
                    tx.in(WORDS).by(BY_TEXT).scan(KeyRange.all()).limit(2).iterator();
            assertThat(two.next().key()).isEqualTo("a");
            tx.in(WORDS).delete("b");

            tx.rollbackTo(start);

            assertThat(rest(two)).containsExactly("old b");
        }
    }

    @Test
    void transactionThatFailedHalfWayTakesNoSavepointBeforeItIsRolledBack() {
        AtomicBoolean fails = new AtomicBoolean();
        Index<String, Integer> failing = Index.of("failing", Keys.int32(), text -> {
            if (fails.get()) {
                throw new StackOverflowError("planted");
            }
            return text.length();
        });
        Table<String, String> table =
                Table.of("failing", Keys.string(), Values.string()).with(failing);
        try (WriteTransaction tx = store.begin()) {
            tx.in(table).put("a", "1");
            Savepoint start = tx.savepoint();
            fails.set(true);
            assertThatThrownBy(() -> tx.in(table).put("a", "22")).isInstanceOf(Throwable.class);
            fails.set(false);

            tx.rollbackTo(start);

            tx.in(table).put("a", "333");
            tx.commit();
        }
        assertThat(store.in(table).by(failing).eq(3).keys()).containsExactly("a");
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    private static Iterator<Entry<String, String>> scan(WriteTransaction tx, Table<String, String> table) {
        return tx.in(table).by(BY_TEXT).scan(KeyRange.all()).iterator();
    }

    private static List<String> rest(Iterator<Entry<String, String>> entries) {
        List<String> rest = new ArrayList<>();
        entries.forEachRemaining(entry -> rest.add(entry.value()));
        return rest;
    }
}
