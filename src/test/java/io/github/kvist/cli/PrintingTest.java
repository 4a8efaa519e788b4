// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables, progress, sizes, and text that is safe to print. */
final class PrintingTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        TextTable table = new TextTable("A", "LONG HEADING", "C");
        table.row("wide cell", "\ud83d\ude00", "x");
        table.row("", "", "");

        table.print(terminal(false));

        assertThat(out.toString().lines())
                .containsExactly("A          LONG HEADING  C", "wide cell  \ud83d\ude00             x", "");
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        assertThat(Printable.of("\ud83d\ude00".repeat(9), 8)).isEqualTo("\ud83d\ude00".repeat(5) + "...");
        assertThat(Printable.of("12345678", 8)).isEqualTo("12345678");
    }

    @Test
    void barIsWrittenOverOnATerminal() {
        try (Bar bar = new Bar(terminal(true), true, "records")) {
            bar.at(0, 60);
            bar.at(1, 60);
            bar.at(30, 60);
            bar.at(31, 60);
            bar.at(60, 60);
        }

        assertThat(err.toString().split("\r"))
                .containsExactly(
                        "",
                        "  [..............................]   0 %  0 of 60 records",
                        "  [###############...............]  50 %  30 of 60 records",
                        "  [##############################] 100 %  60 of 60 records" + System.lineSeparator());
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void barElsewhereIsALineAtEveryTenth() {
        try (Bar bar = new Bar(terminal(false), true, "records")) {
            for (int done = 0; done <= 1_000; done++) {
                bar.at(done, 1_000);
            }
        }

        assertThat(err.toString().lines()).hasSize(11);
        assertThat(err.toString()).doesNotContain("\r");
    }

    @Test
    void workOfUnknownLengthIsCounted() {
        try (Bar bar = new Bar(terminal(true), true, "bytes")) {
            bar.at(1_234, -1);
        }

        assertThat(err.toString()).isEqualToIgnoringNewLines("\r  1,234 bytes");
    }

    @Test
    void nothingToDoIsAllOfIt() {
        try (Bar bar = new Bar(terminal(true), true, "records")) {
            bar.at(0, 0);
        }

        assertThat(err.toString()).contains("100 %  0 of 0 records");
    }

    @Test
    void unwantedBarIsSilent() {
        try (Bar bar = new Bar(terminal(true), false, "records")) {
            bar.at(1, 1);
        }

        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0,0 bytes",
        "1,1 byte",
        "999,999 bytes",
        "1000,1.0 kB",
        "999949,999.9 kB",
        "999950,1.0 MB",
        "9223372036854775807,9.2 EB"
    })
    void sizesAreReadable(long bytes, String shown) {
        assertThat(Figures.bytes(bytes)).isEqualTo(shown);
    }

    private Terminal terminal(boolean isInteractive) {
        return new Terminal(
                InputStream.nullInputStream(),
                new PrintWriter(out),
                new PrintWriter(err),
                new ByteArrayOutputStream(),
                isInteractive);
    }
}
