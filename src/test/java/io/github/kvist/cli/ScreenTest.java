// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScreenTest {
    private final StringWriter printed = new StringWriter();
    private final Screen screen = new Screen(new PrintWriter(printed), false);
    private final Screen terminal = new Screen(new PrintWriter(printed), true);

    @Test
    void paragraphIsBrokenBetweenWordsAndIndented() {
        screen.paragraph("    ", "word ".repeat(50));

        assertThat(lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).startsWith("    word").hasSizeLessThanOrEqualTo(Screen.COLUMNS));
        assertThat(lines().get(0)).hasSize(4 + 19 * 5 - 1);
    }

    @Test
    void wordLongerThanALineStandsOnItsOwn() {
        String path = "/" + "deep/".repeat(30);

        screen.paragraph("", "before " + path + " after");

        assertThat(lines()).containsExactly("before", path, "after");
    }

    @Test
    void progressIsAFewPlainLinesWhereNoTerminalIs() {
        Progress progress = screen.progress("classes", 2_000);
        for (int done = 0; done <= 2_000; done++) {
            progress.at(done);
        }

        assertThat(lines())
                .containsExactly(
                        "   20 %  400 of 2,000 classes",
                        "   40 %  800 of 2,000 classes",
                        "   60 %  1,200 of 2,000 classes",
                        "   80 %  1,600 of 2,000 classes",
                        "  100 %  2,000 of 2,000 classes");
    }

    @Test
    void progressOnATerminalRewritesOneLine() {
        Progress progress = terminal.progress("classes", 400);
        for (int done = 1; done <= 400; done++) {
            progress.at(done);
        }

        String[] states = printed.toString().strip().split("\r");
        assertThat(printed.toString()).endsWith(System.lineSeparator());
        assertThat(lines()).hasSize(1);
        assertThat(states).hasSize(101).endsWith("  100 %  400 of 400 classes");
    }

    @Test
    void timingsAreATable() {
        Timings timings = new Timings();
        timings.add("classes put", 26_518, Duration.ofMillis(2_000).toNanos());

        timings.print(screen);

        assertThat(lines()).hasSize(3).allSatisfy(line -> assertThat(line).hasSize(91));
        assertThat(lines().get(2)).containsSubsequence("classes put", "26,518", "2.0 s", "13,259");
    }

    private List<String> lines() {
        return printed.toString().replace("\r", "").lines().toList();
    }
}
