// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A store as lines of JSON, and back. */
abstract class JsonLinesContract extends StoreContract {

    private static final Table<Long, Long> COUNTS = Table.of("counts", Keys.int64(), Values.int64());
    private static final Table<UUID, String> BY_UUID = Table.of("by uuid", Keys.uuid(), Values.string());
    private static final Table<Instant, String> BY_INSTANT = Table.of("by instant", Keys.instant(), Values.string());
    private static final Table<Boolean, String> BY_BOOL = Table.of("by bool", Keys.bool(), Values.string());

    private static String export(KvStore store) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.admin().exportJsonLines(bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String withoutVersions(String export) {
        return export.replaceAll(",\"version\":\"[0-9a-z]+\"", "");
    }

    private void putSomeOfEachKind() {
        put(Person.of("ann", "Oslo", "x", "y").withEmail("a@x"));
        put(Person.of("bob \"the\nbuilder\"", null));
        store.in(WORDS).put("", "");
        store.in(WORDS).put("ü€😀\u0000", "line\none\u2028\ttab");
        store.in(BLOBS).put(Long.MIN_VALUE, new byte[] {0, 1, 2, -1});
        store.in(BLOBS).put(1L << 60, new byte[0]);
        store.in(COUNTS).put(7L, Long.MAX_VALUE);
        store.in(BY_UUID).put(new UUID(1, -2), "u");
        store.in(BY_INSTANT).put(Instant.parse("-0044-03-15T12:00:00.000000001Z"), "ides");
        store.in(BY_BOOL).put(true, "t");
    }

    @Test
    void linesCanBeReadByAnyTool() {
        store.in(WORDS).put("a", "1");
        put(Person.of("ann", "Oslo", "x"));
        store.in(BLOBS).put(7L, new byte[] {0, 1, 2});

        assertThat(withoutVersions(export(store))).isEqualTo("""
                        {"table":"blobs","keys":"int64","values":"bytes"}
                        {"table":"blobs","key":7,"value64":"AAEC"}
                        {"table":"people","keys":"string","values":"json"}
                        {"table":"people","key":"ann","value":{"name":"ann","city":"Oslo","email":null,"tags":["x"]}}
                        {"table":"words","keys":"string","values":"string"}
                        {"table":"words","key":"a","value":"1"}
                        """);
        assertThat(export(store)).contains("\"version\":");
    }

    @Test
    void exportComesBackExactlyIntoAStoreThatNamedNothing() {
        putSomeOfEachKind();
        String export = export(store);
        StoreHome home = newHome();
        try (KvStore other = home.open(Options.defaults())) {
            other.admin().importJsonLines(stream(export));

            assertThat(withoutVersions(export(other))).isEqualTo(withoutVersions(export));
            assertThat(other.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("ann");
            assertThat(other.in(PEOPLE).by(BY_EMAIL).one("a@x")).isPresent();
            assertThat(other.in(BLOBS).get(Long.MIN_VALUE)).contains(new byte[] {0, 1, 2, -1});
            assertThat(other.in(BY_BOOL).get(true)).contains("t");
            assertThat(other.admin().verify().findings()).isEmpty();
        }
        home.close();
    }

    @Test
    void indexesOfNamedTablesFollow() {
        putSomeOfEachKind();
        String export = export(store);
        put(Person.of("ann", "Bergen"));
        store.in(PEOPLE).delete("bob \"the\nbuilder\"");

        store.admin().importJsonLines(stream(export));

        assertThat(store.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("ann");
        assertThat(store.in(PEOPLE).by(BY_CITY).count("Bergen")).isZero();
        assertThat(store.in(PEOPLE).count()).isEqualTo(2);
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void indexesOfTablesNamedLaterAreBuiltThen() {
        assumeFalse(isShared(), "a program that does not know the indexes of a table may not write to it");
        put(Person.of("ann", "Oslo"));
        String export = export(store).replace("ann", "bob");
        reopen();

        store.admin().importJsonLines(stream(export));

        assertThat(store.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("ann", "bob");
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void tableThatTheProgramNamedNeedsNoLineOfItsOwn() {
        store.in(WORDS).count();

        store.admin()
                .importJsonLines(
                        stream(
                                "{\"value\":\"1\",\"key\":\"a\",\"table\":\"words\"}\r\n\n{\"table\":\"words\",\"key64\":\"Yg==\",\"value64\":\"Mg==\"}"));

        assertThat(store.in(WORDS).scan().keys()).containsExactly("a", "b");
        assertThat(store.in(WORDS).scan().values()).containsExactly("1", "2");
    }

    @Test
    void jsonThatCannotStandOnALineIsKeptToTheByte() {
        Table<String, byte[]> pretty =
                Table.of("pretty", Keys.string(), Values.of("json", bytes -> bytes, bytes -> bytes));
        List<String> documents =
                List.of("{\n  \"a\": 1\n}", " 1", "1 ", "no json", "", "{\"a\" : 1.0e5}", "\"\\u00e9\"", "[1] [2]");
        for (String document : documents) {
            store.in(pretty).put(document, document.getBytes(StandardCharsets.UTF_8));
        }
        String export = export(store);
        store.in(pretty).clear();

        store.admin().importJsonLines(stream(export));

        for (String document : documents) {
            assertThat(store.in(pretty).getOrNull(document))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(document);
        }
    }

    @Test
    void badLineIsReportedWithItsPlaceAndNothingOfItsBatchIsDone() {
        store.in(WORDS).put("before", "1");
        String good = "{\"table\":\"words\",\"key\":\"a\",\"value\":\"1\"}\n";
        List<String> bad = new ArrayList<>(List.of(
                "{",
                "[]",
                "{\"table\":\"words\",\"key\":\"a\"}",
                "{\"table\":\"words\",\"value\":\"a\"}",
                "{\"key\":\"words\",\"value\":\"a\"}",
                "{\"table\":\"words\",\"key\":1,\"value\":\"a\"}",
                "{\"table\":\"words\",\"key\":\"a\",\"key64\":\"YQ==\",\"value\":\"a\"}",
                "{\"table\":\"words\",\"key\":\"a\",\"value\":{}}",
                "{\"table\":\"words\",\"key64\":\"?\",\"value\":\"a\"}",
                "{\"table\":\"words\",\"key\":\"a\",\"value\":\"1\",\"expiresAt\":\"soon\"}",
                "{\"table\":\"words\",\"key\":\"a\",\"value\":\"1\",\"colour\":\"red\"}",
                "{\"table\":\"words\",\"key\":\"a\",\"value\":\"1\",\"value\":\"2\"}",
                "{\"table\":\"words\",\"key\":\"a\",\"value\":\"1\"} {}",
                "{\"table\":\"nobody's\",\"key\":\"a\",\"value\":\"1\"}",
                "{\"table\":\"words\",\"keys\":\"int64\",\"values\":\"string\"}",
                "secret"));
        for (String line : bad) {
            assertThatThrownBy(() -> store.admin().importJsonLines(stream(good + line + "\n" + good)))
                    .as(line)
                    .isInstanceOf(KvException.CodecFailure.class)
                    .hasMessageContaining("line 2, column ")
                    .hasMessageContaining("Nothing was imported")
                    .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("secret"));
            assertThat(store.in(WORDS).scan().keys()).as(line).containsExactly("before");
        }
    }

    @Test
    void linesThatWereAlteredAtAnyByteAreImportedOrRefusedWhole() {
        store.in(WORDS).put("\u00fc", "line\none", Expiry.at(Instant.parse("2100-01-01T00:00:00.5Z")));
        put(Person.of("ann", "Oslo", "x"));
        store.in(BLOBS).put(7L, new byte[] {0, 1, 2});
        byte[] export = export(store).getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < export.length; at += export.length / rounds(export.length)) {
            for (int bit : new int[] {0, 4, 7}) {
                byte[] altered = export.clone();
                altered[at] ^= (byte) (1 << bit);
                long revision = store.revision();

                Throwable refused =
                        catchThrowable(() -> store.admin().importJsonLines(new ByteArrayInputStream(altered)));

                if (refused != null) {
                    assertThat(refused)
                            .as("bit %d of byte %d: %s", bit, at, new String(altered, StandardCharsets.UTF_8))
                            .isInstanceOf(KvException.CodecFailure.class)
                            .hasMessageContaining("line ");
                    assertThat(store.revision()).isEqualTo(revision);
                }
            }
        }
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void deadlinesBeyondAllCalendarsAreImportedOrRefused() {
        store.in(WORDS).count();
        String line = "{\"table\":\"words\",\"key\":\"a\",\"value\":\"1\",\"expiresAt\":\"%s\"}";

        store.admin().importJsonLines(stream(line.formatted(Instant.MAX)));
        assertThat(store.in(WORDS).get("a")).contains("1");
        store.admin().importJsonLines(stream(line.formatted(Instant.MIN)));
        assertThat(store.in(WORDS).get("a")).isEmpty();
        assertThatThrownBy(() -> store.admin().importJsonLines(stream(line.formatted("+9999999999-01-01T00:00:00Z"))))
                .isInstanceOf(KvException.CodecFailure.class);
    }

    @Test
    void valueThatTheTableCannotReadIsReported() {
        put(Person.of("ann", "Oslo"));

        assertThatThrownBy(() -> store.admin()
                        .importJsonLines(stream("{\"table\":\"people\",\"key\":\"bob\",\"value\":[\"secret\"]}")))
                .isInstanceOf(KvException.CodecFailure.class)
                .hasMessageContaining("line 1, column 39")
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("secret"));
        assertThat(store.in(PEOPLE).count()).isEqualTo(1);
    }

    @Test
    void recordThatBreaksAUniqueIndexIsReportedWithItsLine() {
        put(Person.of("ann", null).withEmail("x@x"));
        String twin = export(store).replace("ann", "bob");

        assertThatThrownBy(() -> store.admin().importJsonLines(stream(twin)))
                .isInstanceOf(KvException.UniqueViolation.class)
                .hasMessageContaining("line 2");
        assertThat(store.in(PEOPLE).scan().keys()).containsExactly("ann");
    }

    @Test
    void batchesBeforeABadLineStayAndAreNamed() {
        store.in(WORDS).count();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 2_500; i++) {
            lines.append("{\"table\":\"words\",\"key\":\"%04d\",\"value\":\"1\"}\n".formatted(i));
        }
        lines.append("bad\n");

        assertThatThrownBy(() -> store.admin().importJsonLines(stream(lines.toString())))
                .isInstanceOf(KvException.CodecFailure.class)
                .hasMessageContaining("line 2501")
                .hasMessageContaining("Lines 1 to 2000 were imported");
        assertThat(store.in(WORDS).count()).isEqualTo(2_000);
    }

    @Test
    void streamThatFailsIsReported() {
        store.in(WORDS).put("a", "1");
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the line is dead");
            }
        };
        OutputStream full = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException("no space");
            }
        };

        assertThatThrownBy(() -> store.admin().importJsonLines(broken)).isInstanceOf(KvException.Unavailable.class);
        assertThatThrownBy(() -> store.admin().exportJsonLines(full)).isInstanceOf(KvException.Unavailable.class);
    }

    @Test
    void progressIsTold() {
        for (long from = 0; from < 5_000; from += 50) {
            Map<Long, Long> some = new HashMap<>();
            for (long i = from; i < from + 50; i++) {
                some.put(i, i);
            }
            store.in(COUNTS).putAll(some);
        }
        List<String> told = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.admin().exportJsonLines(bytes, (done, total) -> told.add(done + "/" + total));
        assertThat(told).containsExactly("4096/5000", "5000/5000");

        List<Long> read = new ArrayList<>();
        store.admin().importJsonLines(new ByteArrayInputStream(bytes.toByteArray()), (done, total) -> {
            assertThat(total).isEqualTo(-1);
            read.add(done);
        });
        assertThat(read).isSorted().hasSizeGreaterThan(4).last().isEqualTo((long) bytes.size());
    }

    @Test
    void emptyStoreIsAnEmptyExport() {
        long before = store.revision();
        assertThat(export(store)).isEmpty();
        store.admin().importJsonLines(stream(""));
        assertThat(store.revision()).isEqualTo(before);
    }

    @Test
    void importInsideAWriteIsWrongUse() {
        store.update(tx -> assertThatThrownBy(() -> store.admin().importJsonLines(stream("")))
                .isInstanceOf(IllegalStateException.class));
    }

    @Test
    @Needs(Capability.EXPIRY)
    void deadlinesComeBackAndWhatIsDueDoesNot() {
        SettableClock clock = new SettableClock(Instant.parse("2030-01-01T00:00:00Z"));
        reopen(Options.defaults().clock(clock));
        Instant deadline = clock.instant().plusSeconds(60);
        store.in(WORDS).put("later", "1", Expiry.at(deadline));
        store.in(WORDS).put("soon", "1", Expiry.at(clock.instant().plusSeconds(1)));
        String both = export(store);
        store.in(WORDS).clear();
        clock.move(Duration.ofSeconds(2));

        store.admin().importJsonLines(stream(both));

        assertThat(store.in(WORDS).scan().toList())
                .singleElement()
                .satisfies(entry -> assertThat(entry.expiresAt()).isEqualTo(deadline));
        assertThat(export(store))
                .contains("\"expiresAt\":\"2030-01-01T00:01:00Z\"")
                .doesNotContain("soon");
    }
}
