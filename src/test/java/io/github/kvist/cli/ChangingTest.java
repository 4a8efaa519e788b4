// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that write: put, delete, checkpoint, backup, restore, export, import. */
final class ChangingTest {
    private static final Table<String, String> NOTES = Table.of("notes", Keys.string(), Values.string());

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
    void putIsSeenByTheProgram() {
        assertThat(kvist.run("put", store, "people", "cy", "{\"name\":\"Cy\",\"city\":\"Tromso\"}"))
                .isZero();

        assertThat(kvist.out()).isEqualToIgnoringNewLines("Stored in revision 4.");
        program(program ->
                assertThat(program.in(SampleStore.PEOPLE).get("cy")).contains(new SampleStore.Person("Cy", "Tromso")));
    }

    @Test
    void putTellsProgramsTheVersionAndTheDeadline() {
        assertThat(kvist.run("put", store, "visits", "[\"cy\",1]", "roof", "--json", "--expires-after", "7d"))
                .isZero();

        assertThat(kvist.out()).contains("\"key\":[\"cy\",1]", "\"version\":\"", "\"expiresAt\":\"", "\"revision\":4");
    }

    @Test
    void valueMayComeFromStandardInput() {
        assertThat(kvist.input("a long note\n")
                        .run("put", store, "notes", "n", "--keys", "string", "--values", "string"))
                .isZero();

        program(program -> assertThat(program.in(NOTES).get("n")).contains("a long note\n"));
    }

    @Test
    void putMakesATableWhenItIsToldTheCodecs() {
        assertThat(kvist.run("put", store, "notes", "n", "v")).isEqualTo(1);
        assertThat(kvist.run("put", store, "notes", "n", "v", "--keys", "string"))
                .isEqualTo(2);
        assertThat(kvist.run("put", store, "notes", "n", "v", "--keys", "string", "--values", "string"))
                .isZero();
        assertThat(kvist.run("put", store, "notes", "n", "w", "--keys", "string", "--values", "json"))
                .isEqualTo(2);

        assertThat(kvist.err()).contains("table notes is there", "values by string");
        program(program -> assertThat(program.in(NOTES).get("n")).contains("v"));
    }

    @Test
    void tableWithIndexesIsNotWrittenBehindTheirBack() {
        for (String[] write : new String[][] {
            {"put", store, "orders", "4713", "{\"customer\":\"ann\",\"total\":1}"}, {"delete", store, "orders", "4711"}
        }) {
            assertThat(kvist.run(write)).isEqualTo(1);

            assertThat(kvist.err()).contains("orders has indexes (by_customer)", "nothing was changed");
        }
        program(program -> assertThat(program.in(SampleStore.ORDERS)
                        .by(SampleStore.BY_CUSTOMER)
                        .eq("ann")
                        .keys())
                .containsExactly(4711L));
    }

    @Test
    void codecOfTheProgramsOwnIsNotWritten() {
        SampleStore.writeStrangeOnes(Path.of(store));

        assertThat(kvist.run("put", store, "secrets", "answer", "hex:00")).isEqualTo(1);
        assertThat(kvist.err()).contains("codec rot13", "nothing was changed");
        assertThat(kvist.run("put", store, "units", "99", "1")).isEqualTo(1);
        assertThat(kvist.err()).contains("codec enum");
        assertThat(kvist.run("put", store, "blobs", "hex:01", "hex:0203")).isZero();
        assertThat(kvist.run("delete", store, "secrets", "answer")).isZero();
    }

    @Test
    void refusedValueIsNotShown() {
        assertThat(kvist.run("put", store, "people", "cy", "{password")).isEqualTo(2);

        assertThat(kvist.err()).contains("VALUE does not fit", "JSON such as").doesNotContain("password");
    }

    @Test
    void deleteRemoves() {
        assertThat(kvist.run("delete", store, "people", "ann", "--json")).isZero();

        assertThat(kvist.out()).isEqualToIgnoringNewLines("{\"table\":\"people\",\"key\":\"ann\",\"revision\":4}");
        program(program ->
                assertThat(program.in(SampleStore.PEOPLE).contains("ann")).isFalse());
        assertThat(kvist.run("delete", store, "people", "ann")).isEqualTo(1);
        assertThat(kvist.err()).contains("no key ann", "nothing was changed");
    }

    @Test
    void writingMakesNoStore() {
        String none = directory.resolve("none").toString();

        assertThat(kvist.run("put", none, "t", "k", "v", "--keys", "string", "--values", "string"))
                .isEqualTo(1);
        assertThat(kvist.err()).contains("holds no store");
        assertThat(kvist.run("checkpoint", none)).isEqualTo(1);

        assertThat(Path.of(none)).doesNotExist();
    }

    @Test
    void checkpointIsWritten() {
        assertThat(kvist.run("checkpoint", store)).isZero();

        assertThat(kvist.out()).isEqualToIgnoringNewLines("Wrote a checkpoint of revision 3.");
        assertThat(kvist.run("tables", store, "--as-of-checkpoint")).isZero();
    }

    @Test
    void backupIsRestored() {
        String file = directory.resolve("app.kvist").toString();
        String copy = directory.resolve("copy").toString();

        assertThat(kvist.run("backup", store, file)).isZero();
        assertThat(kvist.out()).startsWith("Wrote revision 3 to ").contains("and checked it");
        assertThat(kvist.err()).isEmpty();
        assertThat(kvist.interactive().run("restore", file, copy)).isZero();

        assertThat(kvist.out()).isEqualToIgnoringNewLines("Restored revision 3.");
        assertThat(kvist.err()).contains("[##############################] 100 %");
        try (KvStore program = Kvist.open(Path.of(copy))) {
            assertThat(program.in(SampleStore.ORDERS)
                            .by(SampleStore.BY_CUSTOMER)
                            .eq("ann")
                            .keys())
                    .containsExactly(4711L);
        }
    }

    @Test
    void backupShowsHowFarItIs() {
        String file = directory.resolve("app.kvist").toString();

        assertThat(kvist.run("backup", store, file, "--progress")).isZero();

        assertThat(kvist.err()).contains(" 50 % ", "[##############################] 100 %", "entries");
    }

    @Test
    void restoreReplacesOnlyWhenItIsTold() {
        String file = directory.resolve("app.kvist").toString();
        kvist.run("backup", store, file);
        kvist.run("delete", store, "people", "ann");

        assertThat(kvist.run("restore", file, store)).isEqualTo(1);
        assertThat(kvist.err()).contains("nothing was restored", "--replace");
        assertThat(kvist.run("restore", file, store, "--replace", "--json")).isZero();

        program(program ->
                assertThat(program.in(SampleStore.PEOPLE).contains("ann")).isTrue());
    }

    @Test
    void fileThatIsNoBackupIsRefusedByName() throws IOException {
        Path file = Files.writeString(directory.resolve("notes.txt"), "not a backup at all");

        assertThat(kvist.run("restore", file.toString(), store, "--replace")).isEqualTo(1);

        assertThat(kvist.err()).contains(file.toString(), "nothing was changed");
        assertThat(kvist.err().lines()).hasSize(1);
        program(program ->
                assertThat(program.in(SampleStore.PEOPLE).contains("ann")).isTrue());
    }

    @Test
    void sourceThatIsNotThereLeavesNoStore() {
        String none = directory.resolve("none").toString();

        assertThat(kvist.run("restore", directory.resolve("absent").toString(), none))
                .isEqualTo(1);
        assertThat(kvist.err()).contains("absent", "cannot be read");
        assertThat(kvist.run("import", none, "-i", directory.resolve("absent").toString()))
                .isEqualTo(1);

        assertThat(Path.of(none)).doesNotExist();
    }

    @Test
    void sourceThatIsDamagedLeavesNoStore() throws IOException {
        Path file = directory.resolve("app.kvist");
        kvist.run("backup", store, file.toString());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        Path none = directory.resolve("none");
        Path mine = Files.createDirectory(directory.resolve("mine"));

        assertThat(kvist.run("restore", file.toString(), none.toString())).isEqualTo(1);
        assertThat(kvist.err()).contains("app.kvist cannot be restored, nothing was changed");
        assertThat(kvist.err().lines()).hasSize(1);
        assertThat(kvist.run("restore", directory.toString(), none.toString())).isEqualTo(1);
        assertThat(kvist.run("restore", file.toString(), mine.toString())).isEqualTo(1);
        assertThat(kvist.run("restore", file.toString(), store, "--replace")).isEqualTo(1);

        assertThat(none).doesNotExist();
        assertThat(mine).isDirectory();
        program(program ->
                assertThat(program.in(SampleStore.PEOPLE).contains("ann")).isTrue());
    }

    @Test
    void storeThatWasThereStaysWhenARestoreFails() throws IOException {
        Path empty = directory.resolve("empty");
        Kvist.open(empty).close();
        Path notes = Files.writeString(directory.resolve("notes.txt"), "not a backup at all");

        assertThat(kvist.run("restore", notes.toString(), empty.toString())).isEqualTo(1);

        assertThat(empty.resolve("MANIFEST")).exists();
    }

    @Test
    void backupOverAFileIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("there"), "mine");

        assertThat(kvist.run("backup", store, file.toString())).isEqualTo(2);
        assertThat(kvist.run("export", store, "-o", file.toString())).isEqualTo(2);

        assertThat(kvist.err()).contains("is there already");
        assertThat(file).hasContent("mine");
    }

    @Test
    void exportIsImported() {
        String file = directory.resolve("app.jsonl").toString();
        String copy = directory.resolve("copy").toString();

        assertThat(kvist.interactive().run("export", store, "-o", file)).isZero();
        assertThat(kvist.err()).contains("100 %  8 of 8 records", "Exported 3 tables of revision 3");
        assertThat(kvist.run("import", copy, "-i", file)).isZero();
        assertThat(kvist.err()).contains(" bytes");

        assertThat(kvist.run("export", store)).isZero();
        String original = withoutVersions(kvist.out());
        assertThat(kvist.run("export", copy)).isZero();
        assertThat(withoutVersions(kvist.out())).isEqualTo(original).contains("\"key\":\"ann\"");
    }

    private static String withoutVersions(String lines) {
        return lines.replaceAll("\"version\":\"[0-9a-z]+\"", "");
    }

    @Test
    void importReadsStandardInput() {
        kvist.input("""
                {"table":"notes","keys":"string","values":"string"}
                {"table":"notes","key":"n","value":"v"}
                """);
        String fresh = directory.resolve("fresh").toString();

        assertThat(kvist.run("import", fresh, "--progress", "--json")).isZero();

        assertThat(kvist.out()).contains("\"revision\":1");
        assertThat(kvist.err()).contains("bytes");
        assertThat(kvist.run("get", fresh, "notes", "n")).isZero();
    }

    @Test
    void importSaysWhichLineIsWrong() {
        kvist.input("""
                {"table":"notes","keys":"string","values":"string"}
                {"table":"notes","key":7,"value":"v"}
                """);

        assertThat(kvist.run("import", directory.resolve("fresh").toString())).isEqualTo(1);

        assertThat(kvist.err()).contains("line 2");
        assertThat(kvist.err().lines()).hasSize(1);
    }

    @Test
    void importDropsIndexesOnlyWhenItIsTold() {
        kvist.input("{\"table\":\"orders\",\"key\":4713,\"value\":{\"customer\":\"ann\",\"total\":5}}\n");

        assertThat(kvist.run("import", store)).isEqualTo(1);
        assertThat(kvist.err()).contains("indexes (orders)", "--drop-indexes", "nothing was changed");
        assertThat(kvist.run("import", store, "--drop-indexes")).isZero();

        program(program -> assertThat(program.in(SampleStore.ORDERS)
                        .by(SampleStore.BY_CUSTOMER)
                        .eq("ann")
                        .keys())
                .containsExactly(4711L, 4713L));
    }

    @Test
    void storeThatIsInUseIsNotWritten() {
        try (KvStore program = Kvist.open(Path.of(store))) {
            assertThat(kvist.run("put", store, "people", "cy", "{}")).isEqualTo(3);
            assertThat(kvist.run("checkpoint", store)).isEqualTo(3);
            assertThat(kvist.run("import", store)).isEqualTo(3);
            assertThat(kvist.err()).contains("in use by this process").doesNotContain("--as-of-checkpoint");
            assertThat(program.revision()).isEqualTo(3);
        }
    }

    /** What the program that knows the tables says. */
    private void program(Consumer<KvStore> question) {
        try (KvStore opened = Kvist.open(Path.of(store))) {
            question.accept(opened);
        }
    }
}
