// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Names and keys that would lead out of their table, were they pasted into a statement, a path or a longer name. */
abstract class NamesContract extends StoreContract {

    private static final List<String> NAMES = Stream.concat(
                    Stream.of(
                            "a",
                            "A",
                            "ab",
                            "a/b",
                            "a%2Fb",
                            "a/b/c",
                            "b",
                            "b/c",
                            "/",
                            "//",
                            "%",
                            "%25",
                            "'",
                            "\"",
                            "''",
                            "a'b",
                            "a\"b",
                            "a\\",
                            "`",
                            "{a}",
                            "a}b{c",
                            "[a]",
                            "(a)",
                            "a;b",
                            "a--",
                            "$1",
                            "?",
                            "*",
                            "a*",
                            "_",
                            ":",
                            "a:b",
                            "#",
                            "..",
                            ".",
                            "a b",
                            " a",
                            "a ",
                            "s/definitions",
                            "t/a",
                            "i/a/b",
                            "s",
                            "t",
                            "i",
                            "null",
                            "ü",
                            "u\u0308",
                            "\uffee",
                            "\u00a0",
                            "\ufeff",
                            "KEYS[1]",
                            "drop table x"),
                    Stream.of("x".repeat(199) + "y", "x".repeat(199) + "z", "/".repeat(200), "%".repeat(200)))
            .toList();

    /** Looks like what a store might put before or behind the keys of its tables and indexes. */
    private static final List<String> KEYS =
            List.of("", "\0", "\"}", "'", "/", "a", "a\0b", "i/a/by", "s/definitions", "t/a", "t/a\0k", "\ud83d\ude00");

    private static Table<String, String> table(String name) {
        return Table.of(name, Keys.string(), Values.string()).with(index(name));
    }

    private static Index<String, String> index(String name) {
        return Index.of(name, Keys.string(), value -> value.isEmpty() ? null : value);
    }

    private void putAll() {
        for (String name : NAMES) {
            store.update(tx -> KEYS.forEach(key -> tx.in(table(name)).put(key, name)));
        }
    }

    @Test
    void everyTableHoldsItsOwnRecords() {
        putAll();

        for (String name : NAMES) {
            assertThat(store.in(table(name)).scan().keys()).as(name).containsExactlyElementsOf(KEYS);
            assertThat(store.in(table(name)).scan().values()).as(name).containsOnly(name);
            assertThat(store.in(table(name)).count()).as(name).isEqualTo(KEYS.size());
        }
    }

    @Test
    void everyIndexHoldsItsOwnEntries() {
        putAll();

        for (String name : NAMES) {
            assertThat(store.in(table(name))
                            .by(index(name))
                            .scan(KeyRange.all())
                            .keys())
                    .as(name)
                    .containsExactlyElementsOf(KEYS);
            assertThat(store.in(table(name)).by(index(name)).count(name))
                    .as(name)
                    .isEqualTo(KEYS.size());
        }
    }

    @Test
    void whatIsDeletedInOneTableStaysInTheOthers() {
        putAll();

        for (int i = 0; i < NAMES.size(); i++) {
            store.in(table(NAMES.get(i))).clear();
            for (int later = i + 1; later < NAMES.size(); later += NAMES.size() / rounds(NAMES.size())) {
                assertThat(store.in(table(NAMES.get(later))).count()).isEqualTo(KEYS.size());
            }
        }
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void namesAreKept() {
        putAll();
        reopen();

        for (String name : NAMES) {
            assertThat(store.in(table(name)).by(index(name)).count(name))
                    .as(name)
                    .isEqualTo(KEYS.size());
        }
    }

    @Test
    void aRecordOfOneTableIsNoneOfAnother() {
        store.in(table("a")).put("b\0k", "here");
        store.in(table("a")).put("/b", "here");

        for (String name : NAMES) {
            if (!name.equals("a")) {
                assertThat(store.in(table(name)).scan().toList()).as(name).isEmpty();
                assertThat(store.in(table(name)).by(index(name)).count(KeyRange.all()))
                        .as(name)
                        .isZero();
            }
        }
    }

    @Test
    void indexKeysAndPrimaryKeysDoNotRunIntoOneAnother() {
        Table<String, String> table = table("a");
        List<String> parts = List.of("", "\0", "\0\0", "a", "a\0", "\0a", "\u0001", "\0\u0001", "\u00ff");
        store.update(tx ->
                parts.forEach(key -> parts.forEach(value -> tx.in(table).put(key + "|" + value, value))));

        for (String value : parts) {
            assertThat(store.in(table).by(index("a")).eq(value).values())
                    .hasSize(value.isEmpty() ? 0 : parts.size())
                    .containsOnly(value.isEmpty() ? new String[0] : new String[] {value});
        }
    }

    @Test
    void namesThatNoStoreCouldKeepAreRefusedBeforeAnyIsAsked() {
        for (String name : List.of("", "a\0b", "\n", "x".repeat(201), "\ud83d", "\ud83d\ude00")) {
            assertThatThrownBy(() -> Table.of(name, Keys.string(), Values.string()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> index(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
