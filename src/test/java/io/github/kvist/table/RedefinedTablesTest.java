// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.backend.Stored;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.ReferenceBackend;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables that one side defines anew while the other goes on: forks and their merges, fences and shared systems. */
final class RedefinedTablesTest {
    private static final Index<String, String> BY_TEXT = Index.of("by_text", Keys.string(), text -> text);
    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());
    private static final Table<String, String> INDEXED = WORDS.with(BY_TEXT);
    private static final Table<String, String> WORDS_TOO = Table.of("words too", Keys.string(), Values.string());

    @Test
    void indexThatAForkBuiltWithoutChangingRecordsIsNotBrought() {
        try (KvStore store = unnamed()) {
            try (KvStore fork = fork(store)) {
                fork.in(INDEXED).put("x", "1");
                fork.in(INDEXED).delete("x");
                store.merge(fork);
            }
            assertThat(store.in(WORDS).get("a")).contains("1");
            assertThat(store.admin().verify().findings()).isEmpty();
        }
    }

    @Test
    void recordOfATableThatWasRedefinedHereIsAConflict() {
        try (KvStore store = unnamed();
                KvStore fork = fork(store)) {
            fork.in(WORDS).put("b", "theirs");
            store.in(INDEXED).put("c", "ours");

            assertThatThrownBy(() -> store.merge(fork))
                    .isInstanceOf(KvException.Conflict.class)
                    .hasMessageContaining("words \"b\"");
        }
    }

    @Test
    void changeToATableOfALongerNameIsNoneToTheTableThatAForkRedefined() {
        try (KvStore store = unnamed();
                KvStore fork = fork(store)) {
            fork.in(INDEXED).put("b", "theirs");
            store.in(WORDS_TOO).put("a", "ours");

            store.merge(fork);

            assertThat(store.in(INDEXED).by(BY_TEXT).eq("theirs").keys()).containsExactly("b");
            assertThat(store.in(WORDS_TOO).get("a")).contains("ours");
        }
    }

    @Test
    void keyChangedHereInATableThatAForkRedefinedIsNamedOnce() {
        try (KvStore store = unnamed();
                KvStore fork = fork(store)) {
            fork.in(INDEXED).put("a", "theirs");
            importLine(store, "ours");

            assertThatThrownBy(() -> store.merge(fork))
                    .isInstanceOfSatisfying(
                            KvException.Conflict.class,
                            conflict -> assertThat(conflict.getMessage()).containsOnlyOnce("words \""));
        }
    }

    @Test
    void tableThatBothSidesDefinedAlikeIsMerged() {
        try (KvStore store = Kvist.inMemory();
                KvStore fork = fork(store)) {
            assertThat(store.in(INDEXED).get("a")).isEmpty();
            fork.in(INDEXED).put("a", "theirs");

            store.merge(fork);

            assertThat(store.in(INDEXED).by(BY_TEXT).eq("theirs").keys()).containsExactly("a");
        }
    }

    @Test
    void programThatNeedsAnotherIndexIsRefusedBehindAFence() {
        ReferenceBackend shared = ReferenceBackend.shared();
        try (KvStore one = Kvist.open(shared, Options.defaults());
                KvStore plain = Kvist.open(shared, Options.defaults());
                KvStore indexed = Kvist.open(shared, Options.defaults())) {
            one.in(WORDS).put("a", "1");
            Fence fence = new Fence(shared);
            fence.raise(new Fence.Raised("move", "there"), List.of());

            assertThat(plain.in(WORDS).get("a")).contains("1");
            assertThatThrownBy(() -> plain.in(WORDS).put("b", "1")).isInstanceOf(KvException.Unsupported.class);
            assertThatThrownBy(() -> indexed.in(INDEXED).put("b", "1")).isInstanceOf(KvException.Unsupported.class);

            fence.lower(List.of());
            indexed.in(INDEXED).put("b", "1");
            assertThat(indexed.in(INDEXED).by(BY_TEXT).eq("1").keys()).containsExactly("a", "b");
        }
    }

    @Test
    void indexOfATableThatIsNotThereIsDroppedWithoutAWord() {
        ReferenceBackend shared = ReferenceBackend.shared();
        try (KvStore store = Kvist.open(shared, Options.defaults())) {
            store.admin().dropIndex("nothing", "by_nothing");
            store.in(INDEXED).put("a", "1");
            assertThat(store.in(INDEXED).by(BY_TEXT).eq("1").keys()).containsExactly("a");
        }
    }

    @Test
    void fencedDefinitionIsStoredWithItsMark() {
        Definition definition = Definition.of(INDEXED);
        StoredDefinition fenced = new StoredDefinition(3, definition, true);
        byte[] bytes = fenced.toBytes();

        assertThat(bytes).isEqualTo(Fence.marked(new StoredDefinition(3, definition).toBytes()));
        assertThat(StoredDefinition.of("words", new Stored(bytes, 0, bytes.length, 1, Stored.NEVER)))
                .isEqualTo(fenced);
    }

    /** A store with a table that its program has not named. */
    private static KvStore unnamed() {
        KvStore store = Kvist.inMemory();
        importLine(store, "1");
        return store;
    }

    private static void importLine(KvStore store, String value) {
        String lines = "{\"table\":\"words\",\"keys\":\"string\",\"values\":\"string\"}\n"
                + "{\"table\":\"words\",\"key\":\"a\",\"value\":\"" + value + "\"}\n";
        store.admin().importJsonLines(new ByteArrayInputStream(lines.getBytes(UTF_8)));
    }

    private static KvStore fork(KvStore store) {
        try (Snapshot snapshot = store.snapshot()) {
            return snapshot.fork();
        }
    }
}
