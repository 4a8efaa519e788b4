// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.Durability;
import io.github.kvist.api.Finding;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.api.VerifyReport;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.engine.Engine;
import io.github.kvist.testkit.HeapStorage;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code verify} finds in tables that the program has not used, by breaking them underneath. */
final class VerifyTest {

    private static final Index<String, String> BY_TEXT = Index.of("by_text", Keys.string(), text -> text);
    private static final Table<String, String> TEXTS =
            Table.of("texts", Keys.string(), Values.string()).with(BY_TEXT);
    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());

    private final HeapStorage storage = new HeapStorage();

    @BeforeEach
    void fill() {
        try (KvStore store = Kvist.open(storage, Options.defaults())) {
            for (int i = 0; i < 20; i++) {
                store.in(TEXTS).put("key" + i, "text" + i % 3);
            }
            store.in(WORDS).put("a", "1");
        }
    }

    @Test
    void soundTablesThatWereNotUsedAreCleanAndNotWhollyChecked() {
        VerifyReport report = verify();

        assertThat(report.clean()).isTrue();
        assertThat(report.unchecked()).extracting(Finding::where).containsExactly("texts", "words");
        assertThat(report.unchecked().get(0).what()).contains("extractors");
    }

    @Test
    void tablesThatWereUsedAreWhollyChecked() {
        try (KvStore store = Kvist.open(storage, Options.defaults())) {
            assertThat(store.in(TEXTS).count()).isEqualTo(20);
            assertThat(store.in(WORDS).count()).isEqualTo(1);

            assertThat(store.admin().verify()).isEqualTo(new VerifyReport(List.of(), List.of()));
        }
    }

    @Test
    void indexEntryWithoutItsRecordIsFound() {
        write(KeyspaceNames.records("texts"), "key7", null, Stored.NEVER);

        assertThat(verify().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.where()).contains("texts").contains("by_text");
            assertThat(finding.what()).contains("not there");
        });
    }

    @Test
    void deadlineThatOnlyTheRecordHasIsFound() {
        write(KeyspaceNames.records("texts"), "key7", "text1", 4_000_000_000_000L);

        assertThat(verify().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.where()).contains("by_text");
            assertThat(finding.what()).contains("deadlines");
        });
    }

    @Test
    void definitionThatCannotBeReadIsAFindingAndTheRestIsChecked() {
        write(KeyspaceNames.DEFINITIONS, "texts", "nonsense", Stored.NEVER);

        VerifyReport report = verify();

        assertThat(report.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.where()).contains("texts"));
        assertThat(report.unchecked()).extracting(Finding::where).containsExactly("words");
    }

    @Test
    void recordsWithoutADefinitionAreFound() {
        write(KeyspaceNames.DEFINITIONS, "words", null, Stored.NEVER);

        assertThat(verify().findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.where()).contains("t/words"));
    }

    @Test
    void extractorThatFailsOnlyWhenAnEntryIsComparedIsReportedOnce() {
        AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
        Table<String, String> moody = Table.of("moody", Keys.string(), Values.string())
                .with(Index.of("by_text", Keys.string(), text -> {
                    if (left.getAndDecrement() <= 0) {
                        throw new IllegalStateException("out of sorts");
                    }
                    return text;
                }));
        try (KvStore store = Kvist.open(storage, Options.defaults())) {
            store.in(moody).put("a", "1");
            store.in(moody).put("b", "2");
            left.set(2); // Enough for the records, and not for their entries.

            assertThat(store.admin().verify().findings()).singleElement().satisfies(finding -> {
                assertThat(finding.where()).contains("moody").contains("by_text");
                assertThat(finding.what()).contains("could not be compared").doesNotContain("out of sorts");
            });
        }
    }

    @Test
    void aHundredFindingsOfAPlaceAreEnough() {
        for (int i = 0; i < 130; i++) {
            write(KeyspaceNames.index("texts", "by_text"), "stray" + i, "", Stored.NEVER);
        }

        assertThat(verify().findings())
                .hasSize(101)
                .last()
                .satisfies(finding -> assertThat(finding.what()).contains("30 more"));
    }

    private VerifyReport verify() {
        try (KvStore store = Kvist.open(storage, Options.defaults())) {
            return store.admin().verify();
        }
    }

    /** Writes behind the back of the tables. */
    private void write(String keyspace, String key, @Nullable String value, long deadline) {
        try (Engine engine = Engine.open(storage, Options.defaults())) {
            var where = engine.keyspace(keyspace);
            byte[] bytes = key.getBytes(UTF_8);
            Operation change = value == null
                    ? new Operation.Delete(where, bytes)
                    : new Operation.Put(where, bytes, value.getBytes(UTF_8), deadline);
            assertThat(engine.commit(new Commit(List.of(), List.of(change), Durability.SYNC)))
                    .isNotEqualTo(Commit.REFUSED);
        }
    }
}
