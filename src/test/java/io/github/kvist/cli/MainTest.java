// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "demo --help"})
    void helpSaysWhatTheArgumentsAre(String arguments) {
        assertThat(run(arguments.split(" "))).isZero();

        assertThat(out.toString()).contains("[STORE]", "memory:", "data/demo", "--help");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void unknownOptionIsRefused() {
        assertThat(run("--fast")).isEqualTo(2);

        assertThat(err.toString()).contains("Unknown option: '--fast'", "Usage: kvist");
    }

    @Test
    void secondStoreIsRefused() {
        assertThat(run("memory:", "memory:")).isEqualTo(2);

        assertThat(err.toString()).contains("Unmatched argument at index 1: 'memory:'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dmeo", "", " ", "no\0path"})
    void wordThatIsNoDirectoryIsRefused(String word) {
        assertThat(run(word)).isEqualTo(2);

        assertThat(err.toString())
                .contains("neither a command nor a directory", "./" + word.replace("\0", "\\u{0}"), "memory:");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch://host", "memory:?colour=red"})
    void addressThatKvistDoesNotKnowIsRefused(String address) {
        assertThat(run("demo", address)).isEqualTo(2);

        assertThat(err.toString()).startsWith("kvist: ").contains("unknown");
    }

    @Test
    void passwordInAnAddressIsNotShown() {
        assertThat(run("nosuch://ann:secret@host/db")).isEqualTo(2);

        assertThat(out.toString() + err).contains("nosuch").doesNotContain("secret");
    }

    @Test
    void storeThatCannotBeOpenedIsToldWithoutAStackTrace() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");

        assertThat(run(file.toString())).isEqualTo(1);

        assertThat(err.toString())
                .startsWith("kvist: ")
                .contains(file.toString())
                .doesNotContain("\tat ");
    }

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), false, arguments);
    }
}
