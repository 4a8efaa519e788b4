// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes no sense is exit code 2 and one line that says what would. */
final class BadInputTest {
    private final Shell kvist = new Shell();

    @TempDir
    static Path directory;

    private static String store = "";

    @BeforeAll
    static void writeStore() {
        store = directory.resolve("app").toString();
        SampleStore.write(Path.of(store));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stat",
                "tables",
                "get",
                "scan",
                "put",
                "delete",
                "verify",
                "checkpoint",
                "backup",
                "restore",
                "export",
                "import",
                "watch"
            })
    void everyCommandTeachesAndRefuses(String command) {
        assertThat(kvist.run(command, "--help")).isZero();
        assertThat(kvist.out()).contains("Usage: kvist " + command, "Examples:", "  kvist " + command, "--json");

        assertThat(kvist.run(command)).isEqualTo(2);
        assertThat(kvist.err()).startsWith("kvist: Missing required parameter").contains("--help");

        assertThat(kvist.run(command, "--nonsense", store)).isEqualTo(2);
        assertThat(kvist.err()).startsWith("kvist: ").contains("Try kvist " + command + " --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stat", "tables", "verify", "checkpoint", "export", "import", "watch"})
    void onlyWhatOutlivesTheProcessIsAStore(String command) {
        for (String address : List.of(
                "memory:", "postgresql://ann:secret@", "nosuch://ann:secret@host/db", "", "no\0path", "file:%zz")) {
            assertThat(kvist.run(command, address)).as(address).isEqualTo(2);

            assertThat(kvist.err()).startsWith("kvist: ").doesNotContain("secret", "\tat ");
        }
    }

    @Test
    void systemThatIsNotThereIsAFailureWithoutItsPassword() {
        assertThat(kvist.run("tables", "postgresql://ann:secret@127.0.0.1:1/db"))
                .isEqualTo(1);

        assertThat(kvist.err()).startsWith("kvist: ").contains("127.0.0.1").doesNotContain("secret", "\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stat", "tables", "verify", "checkpoint", "export", "watch"})
    void directoryWithoutAStoreIsRefusedAndLeftAlone(String command) {
        Path none = directory.resolve("none");

        assertThat(kvist.run(command, none.toString())).isEqualTo(1);

        assertThat(kvist.err()).contains("none", "no store");
        assertThat(kvist.err().lines()).hasSize(1);
        assertThat(none).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "get STORE orders ann                    | KEY \"ann\" does not fit",
                "get STORE orders 1e3                    | a whole number of 64 bits",
                "get STORE visits ann                    | an array of JSON with 2 elements: text, then a whole number",
                "get STORE visits [\"ann\"]              | an array of JSON with 2 elements",
                "get STORE visits [\"ann\",{}]           | an array of JSON with 2 elements",
                "delete STORE people                     | Missing required parameter: 'KEY'",
                "scan STORE orders --prefix 4            | --prefix \"4\" does not fit",
                "scan STORE orders --from ann            | --from \"ann\" does not fit",
                "scan STORE orders --from 2 --to 1       | ends before it begins",
                "scan STORE people --prefix a --to b     | --prefix is a range by itself",
                "scan STORE people --limit -1            | --limit is 0 or more",
                "scan STORE people --limit many          | 'many' is not a long",
                "watch STORE people --all               | --all is every table",
                "watch STORE --from -1                  | --from is a revision",
                "watch STORE --from 99                  | the newest revision is 3",
                "put STORE visits [\"a\",1] b --expires-after soon | \"soon\" is no time",
                "put STORE new k v --keys string         | only together",
                "restore STORE                           | Missing required parameter",
                "backup STORE STORE                      | exists",
            })
    void argumentThatDoesNotFitIsExplained(String line, String explanation) {
        assertThat(kvist.run(line.replace("STORE", store).split(" "))).isEqualTo(2);

        assertThat(kvist.err()).startsWith("kvist: ").contains(explanation).doesNotContain("\tat ");
        assertThat(kvist.out()).isEmpty();
    }

    @Test
    void debugShowsWhereAFailureCameFrom() {
        assertThat(kvist.run("get", store, "orders", "ann", "--debug")).isEqualTo(2);

        assertThat(kvist.err()).startsWith("kvist: KEY ").contains("\tat io.github.kvist.cli", "NumberFormatException");
    }
}
