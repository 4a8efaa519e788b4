// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that only read: stat, tables, get, scan. */
final class LookingTest {
    private final Shell kvist = new Shell();
    private String store = "";

    @TempDir
    Path directory;

    @BeforeEach
    void writeStore() {
        store = directory.resolve("app").toString();
        SampleStore.write(Path.of(store));
    }

    @Test
    void tablesOfAnyProgramAreListed() {
        assertThat(kvist.run("tables", store)).isZero();

        assertThat(kvist.out().lines())
                .containsExactly(
                        "TABLE   RECORDS  KEYS                 VALUES  INDEXES",
                        "orders  2        int64                json    by_customer (simple, string)",
                        "people  3        string               json",
                        "visits  3        tuple(string,int32)  string");
    }

    @Test
    void tablesAreListedForPrograms() {
        assertThat(kvist.run("tables", "--json", "file:" + store)).isZero();

        assertThat(kvist.out().lines().findFirst())
                .contains("{\"table\":\"orders\",\"records\":2,\"keys\":\"int64\",\"values\":\"json\",\"indexes\":"
                        + "[{\"index\":\"by_customer\",\"kind\":\"simple\",\"keys\":\"string\",\"revision\":0}]}");
    }

    @Test
    void storeWithoutTablesSaysSo() {
        String empty = directory.resolve("empty").toString();
        Kvist.open(Path.of(empty)).close();

        assertThat(kvist.run("tables", empty)).isZero();

        assertThat(kvist.out()).isEqualToIgnoringNewLines("The store has no tables.");
    }

    @Test
    void statShowsWhatAStoreIsMadeOf() {
        assertThat(kvist.run("stat", store)).isZero();

        assertThat(kvist.out())
                .contains(store)
                .containsPattern("Revision +3\\R")
                .containsPattern("Records +8\\R")
                .containsPattern("Checkpoint +none\\R")
                .containsPattern("Last closed +properly\\R")
                .containsPattern("orders +2 +0 +\\d+ bytes +by_customer \\(2, \\d+ bytes\\)");
    }

    @Test
    void statIsThereForPrograms() {
        kvist.run("checkpoint", store);

        assertThat(kvist.run("stat", store, "--json")).isZero();

        assertThat(kvist.out())
                .contains("\"revision\":3", "\"records\":8", "\"closedProperly\":true", "\"framesToReplay\":0")
                .containsPattern("\"checkpointBytes\":[1-9]")
                .containsPattern("\"table\":\"orders\",\"records\":2,\"expired\":0,\"bytes\":\\d+,"
                        + "\"indexes\":\\[\\{\"index\":\"by_customer\",\"entries\":2,\"bytes\":\\d+}]");
    }

    @Test
    void valueIsShownAsItIsStored() {
        assertThat(kvist.run("get", store, "people", "ann")).isZero();

        assertThat(kvist.out()).isEqualToIgnoringNewLines("{\"name\":\"Ann\",\"city\":\"Oslo\"}");
    }

    @Test
    void valueIsShownForPrograms() {
        assertThat(kvist.run("get", store, "people", "bob", "--json")).isZero();

        assertThat(kvist.out())
                .startsWith(
                        "{\"table\":\"people\",\"key\":\"bob\",\"value\":{\"name\":\"Bob\",\"city\":\"Oslo\"},\"version\":\"")
                .contains("\"expiresAt\":\"2040-01-01T00:00:00Z\"}");
    }

    @Test
    void rawValueIsTheBytes() {
        SampleStore.writeStrangeOnes(Path.of(store));

        assertThat(kvist.run("get", store, "blobs", "base64:AP8=", "--raw")).isZero();

        assertThat(kvist.bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void numberTupleAndBytesAreKeys() {
        SampleStore.writeStrangeOnes(Path.of(store));

        assertThat(kvist.run("get", store, "orders", "4711")).isZero();
        assertThat(kvist.out()).contains("120");
        assertThat(kvist.run("get", store, "visits", "[\"ann\", 2]")).isZero();
        assertThat(kvist.out()).isEqualToIgnoringNewLines("window");
        assertThat(kvist.run("get", store, "blobs", "hex:00FF")).isZero();
        assertThat(kvist.out()).isEqualToIgnoringNewLines("hex:010203");
        assertThat(kvist.run("get", store, "units", "2")).isZero();
        assertThat(kvist.out()).isEqualToIgnoringNewLines("1000000");
        assertThat(kvist.run("get", store, "secrets", "answer")).isZero();
        assertThat(kvist.out()).isEqualToIgnoringNewLines("hex:3432");
    }

    @Test
    void absentKeyIsExitCodeOne() {
        assertThat(kvist.run("get", store, "people", "zoe")).isEqualTo(1);

        assertThat(kvist.out()).isEmpty();
        assertThat(kvist.err()).isEqualToIgnoringNewLines("kvist: table people has no key zoe.");
    }

    @Test
    void absentTableIsExitCodeOneAndTheOthersAreNamed() {
        assertThat(kvist.run("scan", store, "peple")).isEqualTo(1);

        assertThat(kvist.err()).contains("no table peple", "orders, people, visits");
    }

    @Test
    void scanIsInTheOrderOfKeys() {
        assertThat(kvist.run("scan", store, "people")).isZero();

        assertThat(kvist.out().lines())
                .containsExactly(
                        "KEY    EXPIRES               VALUE",
                        "ann    -                     {\"name\":\"Ann\",\"city\":\"Oslo\"}",
                        "anton  -                     {\"name\":\"Anton\",\"city\":\"Bergen\"}",
                        "bob    2040-01-01T00:00:00Z  {\"name\":\"Bob\",\"city\":\"Oslo\"}");
    }

    @Test
    void scanTakesRanges() {
        assertThat(keys("--from", "anton")).containsExactly("anton", "bob");
        assertThat(keys("--to", "anton")).containsExactly("ann");
        assertThat(keys("--from", "ann", "--to", "bob")).containsExactly("ann", "anton");
        assertThat(keys("--prefix", "an")).containsExactly("ann", "anton");
        assertThat(keys("--reverse")).containsExactly("bob", "anton", "ann");
        assertThat(keys("--reverse", "--limit", "1")).containsExactly("bob");
    }

    private Iterable<String> keys(String... options) {
        String[] arguments = new String[options.length + 4];
        System.arraycopy(new String[] {"scan", store, "people", "--keys-only"}, 0, arguments, 0, 4);
        System.arraycopy(options, 0, arguments, 4, options.length);
        assertThat(kvist.run(arguments)).isZero();
        return kvist.out().lines().skip(1).map(line -> line.split(" ")[0]).toList();
    }

    @Test
    void tuplesHavePrefixesByComponent() {
        assertThat(kvist.run("scan", store, "visits", "--prefix", "[\"ann\"]", "--json", "--keys-only"))
                .isZero();

        assertThat(kvist.out().lines().map(line -> line.replaceFirst(",\"version.*", "")))
                .containsExactly(
                        "{\"table\":\"visits\",\"key\":[\"ann\",1]", "{\"table\":\"visits\",\"key\":[\"ann\",2]");
    }

    @Test
    void scanForPeopleStopsAtAHundredAndSaysSo() {
        Table<Long, Long> squares = Table.of("squares", Keys.int64(), Values.int64());
        try (KvStore program = Kvist.open(Path.of(store))) {
            program.update(tx -> {
                for (long n = 0; n < 250; n++) {
                    tx.in(squares).put(n, n * n);
                }
            });
        }

        assertThat(kvist.run("scan", store, "squares")).isZero();
        assertThat(kvist.out().lines()).hasSize(101);
        assertThat(kvist.err()).contains("There are more");

        assertThat(kvist.run("scan", store, "squares", "--json")).isZero();
        assertThat(kvist.out().lines()).hasSize(250);

        assertThat(kvist.run("scan", store, "squares", "--limit", "0")).isZero();
        assertThat(kvist.out()).contains("249").contains("62001");
        assertThat(kvist.err()).isEmpty();
    }

    @Test
    void terminalDoesNotObeyWhatIsStored() {
        Table<String, String> notes = Table.of("notes", Keys.string(), Values.string());
        try (KvStore program = Kvist.open(Path.of(store))) {
            program.in(notes).put("evil\u001b[2J", "clear \u001b[2J the screen\u202e");
        }

        kvist.interactive();
        assertThat(kvist.run("scan", store, "notes")).isZero();
        assertThat(kvist.out()).contains("evil\\u{1b}[2J", "clear \\u{1b}[2J the screen\\u{202e}");
        assertThat(kvist.run("get", store, "notes", "evil\u001b[2J")).isZero();
        assertThat(kvist.out()).doesNotContain("\u001b").contains("\\u{1b}");
        assertThat(kvist.run("get", store, "notes", "\u001b")).isEqualTo(1);
        assertThat(kvist.err()).doesNotContain("\u001b");
    }

    @Test
    void jsonIsAsciiOnOneLine() {
        Table<String, String> notes = Table.of("notes", Keys.string(), Values.string());
        Table<String, byte[]> documents = Table.of("documents", Keys.string(), Values.of("json", b -> b, b -> b));
        try (KvStore program = Kvist.open(Path.of(store))) {
            program.in(notes).put("\u00e5", "two\nlines");
            program.in(documents)
                    .put("d", "{\n \"price\": 1.10, \"b\u00e5\": \"\ud83d\ude00\"}".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(kvist.run("scan", store, "notes", "--json")).isZero();
        assertThat(kvist.out()).contains("\"key\":\"\\u00e5\",\"value\":\"two\\nlines\"");
        assertThat(kvist.run("get", store, "documents", "d", "--json")).isZero();
        assertThat(kvist.out().lines()).hasSize(1);
        assertThat(kvist.out()).contains("{  \"price\": 1.10, \"b\\u00e5\": \"\\ud83d\\ude00\"}");
    }

    @Test
    void outputThatIsLostIsAFailure() {
        Writer full = new Writer() {
            @Override
            public void write(char[] chars, int offset, int length) throws IOException {
                throw new IOException("no space left");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintWriter(full),
                new PrintWriter(err),
                OutputStream.nullOutputStream(),
                false);

        assertThat(Main.run(terminal, "tables", store)).isEqualTo(1);

        assertThat(err.toString()).contains("could not be printed");
    }

    @Test
    void watchShowsTheCommitsOfTheLog() {
        assertThat(kvist.run("watch", store)).isZero();

        assertThat(kvist.out().lines().map(line -> line.replaceFirst(" at .*", "")))
                .containsExactly(
                        "Revision 1",
                        "  PUT     people  ann  {\"name\":\"Ann\",\"city\":\"Oslo\"}",
                        "  PUT     people  anton  {\"name\":\"Anton\",\"city\":\"Bergen\"}",
                        "  PUT     people  bob  {\"name\":\"Bob\",\"city\":\"Oslo\"}",
                        "Revision 2",
                        "  PUT     orders  4711  {\"customer\":\"ann\",\"total\":120}",
                        "  PUT     orders  4712  {\"customer\":\"bob\",\"total\":80}",
                        "Revision 3",
                        "  PUT     visits  [\"ann\",1]  front door",
                        "  PUT     visits  [\"ann\",2]  window",
                        "  PUT     visits  [\"bob\",1]  chimney");
        assertThat(kvist.err()).contains("The newest revision is 3.");
    }

    @Test
    void watchOfATableAfterARevisionShowsBeforeAndAfter() {
        kvist.run("put", store, "people", "ann", "{}");
        kvist.run("delete", store, "people", "bob");

        assertThat(kvist.run("watch", store, "people", "--from", "3", "--json")).isZero();

        assertThat(kvist.out().lines().map(line -> line.replaceFirst("\"at\":\"[^\"]*\",", "")))
                .containsExactly(
                        "{\"revision\":4,\"changes\":[{\"table\":\"people\",\"kind\":\"PUT\",\"key\":\"ann\","
                                + "\"before\":{\"name\":\"Ann\",\"city\":\"Oslo\"},\"after\":{}}]}",
                        "{\"revision\":5,\"changes\":[{\"table\":\"people\",\"kind\":\"DELETE\",\"key\":\"bob\","
                                + "\"before\":{\"name\":\"Bob\",\"city\":\"Oslo\"}}]}");
    }

    @Test
    void watchSaysWhatTheLogNoLongerHolds() {
        kvist.run("checkpoint", store);
        kvist.run("put", store, "people", "ann", "{}");

        assertThat(kvist.run("watch", store)).isZero();

        assertThat(kvist.err())
                .contains("Commits after revision 0", "no longer in the log", "The newest revision is 4.");
    }

    @Test
    void storeThatIsInUseIsExitCodeThreeAndNamesTheHolder() {
        try (KvStore program = Kvist.open(Path.of(store))) {
            assertThat(program.revision()).isEqualTo(3);

            assertThat(kvist.run("tables", store)).isEqualTo(3);

            assertThat(kvist.err()).contains("in use by this process", "--as-of-checkpoint");
            assertThat(kvist.err().lines()).hasSize(1);
        }
    }

    @Test
    void newestCheckpointCanBeReadBesideTheWriter() {
        try (KvStore program = Kvist.open(Path.of(store))) {
            program.admin().checkpoint();
            program.in(SampleStore.PEOPLE).delete("ann");

            assertThat(kvist.run("get", store, "people", "ann", "--as-of-checkpoint"))
                    .isZero();
            assertThat(kvist.out()).contains("Oslo");
            assertThat(kvist.run("stat", store, "--as-of-checkpoint", "--json")).isZero();
            assertThat(kvist.out()).contains("\"revision\":3").doesNotContain("closedProperly");
            assertThat(kvist.run("stat", store, "--as-of-checkpoint")).isZero();
            assertThat(kvist.out()).doesNotContain("Last closed");
        }
    }

    @Test
    void storeWithoutACheckpointSaysHowToMakeOne() {
        String fresh = directory.resolve("fresh").toString();
        try (KvStore program = Kvist.open(Path.of(fresh))) {
            program.in(SampleStore.PEOPLE).put("ann", new SampleStore.Person("Ann", "Oslo"));

            assertThat(kvist.run("tables", fresh, "--as-of-checkpoint")).isEqualTo(1);

            assertThat(kvist.err()).contains("no checkpoint yet", "Admin.checkpoint()");
        }
    }
}
