// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was done, how often and how fast, to be printed as a table. Confined to one thread. */
final class Timings {
    private final List<String> rows = new ArrayList<>();

    void add(String what, long nanos) {
        rows.add(row(what, "", Figures.duration(nanos), ""));
    }

    /** @param count how many of what the first words of {@code what} say were done in {@code nanos} */
    void add(String what, long count, long nanos) {
        rows.add(row(what, Figures.number(count), Figures.duration(nanos), Figures.perSecond(count, nanos)));
    }

    void print(Screen screen) {
        String head = row("step", "how many", "time", "per second");
        screen.line(head);
        screen.line("  " + "-".repeat(head.length() - 2));
        rows.forEach(screen::line);
    }

    private static String row(String what, String count, String time, String rate) {
        return String.format(Locale.ROOT, "  %-52s %12s %10s %12s", what, count, time, rate)
                .stripTrailing();
    }
}
