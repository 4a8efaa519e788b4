// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.museum;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table of the exhibits in {@code docs/testing.md}, which a run of the whole museum can write. */
final class MuseumPage {
    private static final Path PAGE = Path.of("docs", "testing.md");
    private static final String HEAD = "| If … | … then fails | after |";
    private static final String RULE = "|---|---|---|";

    private MuseumPage() {}

    /** The names of the exhibits that the page shows. */
    static List<String> names() {
        List<String> lines = lines();
        List<String> names = new ArrayList<>();
        for (int i = lines.indexOf(HEAD) + 2; i < end(lines); i++) {
            names.add(lines.get(i).split(" *\\| *")[1]);
        }
        return names;
    }

    /** Shows these instead. */
    static void write(Map<Exhibit, Catch> caught) {
        List<String> lines = new ArrayList<>(lines());
        List<String> table = lines.subList(lines.indexOf(HEAD), end(lines));
        table.clear();
        table.add(HEAD);
        table.add(RULE);
        caught.forEach((exhibit, by) ->
                table.add("| %s | `%s` | %s |".formatted(exhibit.name(), by.test(), rounded(by.after()))));
        try {
            Files.write(PAGE, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines() {
        try {
            List<String> lines = Files.readAllLines(PAGE);
            if (!lines.contains(HEAD)) {
                throw new AssertionError(PAGE + " has lost the table that begins with " + HEAD);
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int end(List<String> lines) {
        int end = lines.indexOf(HEAD);
        while (end < lines.size() && lines.get(end).startsWith("|")) {
            end++;
        }
        return end;
    }

    private static String rounded(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
