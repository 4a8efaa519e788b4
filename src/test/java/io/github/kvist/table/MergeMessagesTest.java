// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the error of a merge says of the keys in conflict, and of definitions that do not go together. */
final class MergeMessagesTest {
    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());
    private static final Index<String, String> BY_TEXT = Index.unique("by_text", Keys.string(), text -> text);

    private final KvStore store = Kvist.inMemory();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void longKeyIsCutAndItsControlCharactersAreEscaped() {
        String key = "\n" + "k".repeat(59);
        try (KvStore fork = fork()) {
            for (String each : new String[] {key, key + "!"}) {
                fork.in(WORDS).put(each, "theirs");
                store.in(WORDS).put(each, "ours");
            }

            assertThatThrownBy(() -> store.merge(fork))
                    .isInstanceOf(KvException.Conflict.class)
                    .hasMessageContaining(
                            "words \"\\u000a" + "k".repeat(59) + "\", words \"\\u000a" + "k".repeat(59) + "…\" since");
        }
    }

    @Test
    void keyOfATableThatTheProgramHasNotNamedIsShownByItsBytes() {
        importLine("ours");
        try (KvStore fork = fork()) {
            importLine("ours again");
            fork.in(Table.of("unnamed", Keys.string(), Values.string())).put("a", "theirs");

            assertThatThrownBy(() -> store.merge(fork))
                    .isInstanceOf(KvException.Conflict.class)
                    .hasMessageContaining("unnamed \"0x61\"");
        }
    }

    @Test
    void conflictOfARecordAndOfAUniqueKeyAreBothNamed() {
        Table<String, String> unique = WORDS.with(BY_TEXT);
        store.in(unique).put("z", "z");
        try (KvStore fork = fork()) {
            fork.in(unique).put("a", "same");
            store.in(unique).put("b", "same");

            assertThatThrownBy(() -> store.merge(fork))
                    .isInstanceOfSatisfying(
                            KvException.Conflict.class,
                            conflict -> assertThat(conflict.getMessage()).contains("unique index"));
            assertThat(store.in(unique).get("a")).isEmpty();
        }
    }

    @Test
    void definitionThatThisStoreWasGivenOtherwiseIsRefused() {
        try (KvStore fork = fork()) {
            fork.in(WORDS.with(BY_TEXT)).put("a", "theirs");
            assertThat(store.in(WORDS).get("a")).isEmpty();

            assertThatThrownBy(() -> store.merge(fork))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Table words comes with the indexes");
        }
    }

    @Test
    void storeOfAnotherKindIsNoFork() {
        KvStore foreign = (KvStore) Proxy.newProxyInstance(
                KvStore.class.getClassLoader(), new Class<?>[] {KvStore.class}, (proxy, method, arguments) -> null);

        assertThatThrownBy(() -> store.merge(foreign))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a fork of this one");
    }

    @Test
    void snapshotOfAnotherStoreOrKindIsNotCompared() {
        Snapshot foreign = (Snapshot) Proxy.newProxyInstance(
                Snapshot.class.getClassLoader(), new Class<?>[] {Snapshot.class}, (proxy, method, arguments) -> null);
        try (KvStore other = Kvist.inMemory();
                Snapshot theirs = other.snapshot();
                Snapshot ours = store.snapshot()) {
            for (Snapshot wrong : new Snapshot[] {theirs, foreign}) {
                assertThatThrownBy(() -> store.diff(ours, wrong))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("The snapshot is of another store");
            }
        }
    }

    private void importLine(String value) {
        String lines = "{\"table\":\"unnamed\",\"keys\":\"string\",\"values\":\"string\"}\n"
                + "{\"table\":\"unnamed\",\"key\":\"a\",\"value\":\"" + value + "\"}\n";
        store.admin().importJsonLines(new ByteArrayInputStream(lines.getBytes(UTF_8)));
    }

    private KvStore fork() {
        try (Snapshot snapshot = store.snapshot()) {
            return snapshot.fork();
        }
    }
}
