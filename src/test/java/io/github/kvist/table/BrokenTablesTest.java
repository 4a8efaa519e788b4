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
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.engine.Engine;
import io.github.kvist.testkit.HeapStorage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code verify} finds in tables that the program uses, by breaking them underneath. */
final class BrokenTablesTest {
    private static final Index<Long, Integer> BY_LAST_DIGIT =
            Index.of("by_last_digit", Keys.int32(), BrokenTablesTest::lastDigit);
    private static final Table<String, Long> NUMBERS =
            Table.of("numbers", Keys.string(), Values.int64()).with(BY_LAST_DIGIT);
    private static final Table<String, Long> OTHERS =
            Table.of("others", Keys.string(), Values.int64()).with(BY_LAST_DIGIT);

    private final HeapStorage storage = new HeapStorage();

    private static int lastDigit(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("negative");
        }
        return (int) (number % 10);
    }

    @BeforeEach
    void fill() {
        try (KvStore store = Kvist.open(storage, Options.defaults())) {
            for (int i = 0; i < 5; i++) {
                store.in(NUMBERS).put("key" + i, (long) i);
                store.in(OTHERS).put("key" + i, (long) i);
            }
        }
    }

    @Test
    void recordThatCannotBeDecodedIsFound() {
        write(KeyspaceNames.records("numbers"), bytes("key0"), new byte[] {1}, Stored.NEVER);

        assertThat(findings()).anySatisfy(finding -> {
            assertThat(finding.where()).contains("numbers");
            assertThat(finding.what()).contains("The record 0x6b657930 cannot be decoded");
        });
    }

    @Test
    void keyThatCannotBeDecodedIsFound() {
        write(KeyspaceNames.records("numbers"), new byte[] {(byte) 0xff}, number(7), Stored.NEVER);

        assertThat(findings())
                .anySatisfy(finding -> assertThat(finding.what()).contains("The record 0xff cannot be decoded"));
    }

    @Test
    void recordOnWhichTheExtractorFailsIsFound() {
        write(KeyspaceNames.records("numbers"), bytes("key0"), number(-1), Stored.NEVER);

        assertThat(findings()).anySatisfy(finding -> {
            assertThat(finding.where()).contains("by_last_digit");
            assertThat(finding.what()).contains("The extractor fails for the record 0x6b657930");
        });
    }

    @Test
    void recordWithoutItsEntryIsFound() {
        write(KeyspaceNames.records("numbers"), bytes("new"), number(3), Stored.NEVER);

        assertThat(findings()).singleElement().satisfies(finding -> {
            assertThat(finding.where()).contains("by_last_digit");
            assertThat(finding.what())
                    .contains("The record 0x6e6577 lacks an entry")
                    .contains("Index.revised");
        });
    }

    @Test
    void recordWithAnotherDeadlineThanItsEntryIsFound() {
        write(KeyspaceNames.records("numbers"), bytes("key3"), number(3), 4_000_000_000_000L);

        assertThat(findings())
                .anySatisfy(finding -> assertThat(finding.what())
                        .contains("An entry and its record 0x6b657933 have different deadlines"));
    }

    @Test
    void entryThatTheExtractorDoesNotGiveIsFound() {
        write(KeyspaceNames.records("numbers"), bytes("key3"), number(4), Stored.NEVER);

        assertThat(findings())
                .hasSize(2)
                .allSatisfy(finding ->
                        assertThat(finding.where()).contains("numbers").contains("by_last_digit"));
    }

    @Test
    void soundTablesBesideABrokenDefinitionAreChecked() {
        write(KeyspaceNames.DEFINITIONS, bytes("numbers"), bytes("nonsense"), Stored.NEVER);
        try (KvStore store = Kvist.open(storage, Options.defaults())) {
            assertThat(store.in(OTHERS).count()).isEqualTo(5);

            assertThat(store.admin().verify().findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.where()).isEqualTo("table numbers"));
        }
    }

    @Test
    void emptyKeyspaceThatNobodyHasIsNothing() {
        try (KvStore store = Kvist.open(storage, Options.defaults())) {
            store.admin().dropIndex("numbers", "by_last_digit");

            assertThat(store.admin().verify().findings()).isEmpty();
        }
    }

    @Test
    void keyspaceOfAnotherProgramIsNotJudged() {
        write("x/other", bytes("k"), bytes("v"), Stored.NEVER);

        assertThat(findings()).isEmpty();
    }

    private List<Finding> findings() {
        try (KvStore store = Kvist.open(storage, Options.defaults())) {
            assertThat(store.in(NUMBERS).count()).isPositive();
            assertThat(store.in(OTHERS).count()).isPositive();
            return store.admin().verify().findings();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] number(long value) {
        return Values.int64().encode(value);
    }

    /** Writes behind the back of the tables. */
    private void write(String keyspace, byte[] key, byte @Nullable [] value, long deadline) {
        try (Engine engine = Engine.open(storage, Options.defaults())) {
            var where = engine.keyspace(keyspace);
            Operation change =
                    value == null ? new Operation.Delete(where, key) : new Operation.Put(where, key, value, deadline);
            assertThat(engine.commit(new Commit(List.of(), List.of(change), Durability.SYNC)))
                    .isNotEqualTo(Commit.REFUSED);
        }
    }
}
