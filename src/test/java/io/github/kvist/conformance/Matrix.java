// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.conformance;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Capabilities.Limits;
import io.github.kvist.api.Capability;
import io.github.kvist.conformance.Latencies.Percentiles;
import io.github.kvist.testkit.KitReport;
import io.github.kvist.testkit.KitReport.Tally;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The tables that {@code docs/backends.md} shows, with one column for each system. */
final class Matrix {

    private Matrix() {}

    /** What a store claims, as the cells of its column, by the names of the rows. */
    static Map<String, String> claims(Capabilities claims) {
        Map<String, String> cells = new LinkedHashMap<>();
        for (Capability capability : Capability.values()) {
            cells.put("`" + capability + "`", claims.of(capability).name().toLowerCase(Locale.ROOT));
        }
        Limits limits = claims.limits();
        cells.put("largest key", bytes(limits.keyBytes()));
        cells.put("largest value", bytes(limits.valueBytes()));
        cells.put("largest transaction", bytes(limits.transactionBytes()));
        cells.put(
                "keys in a transaction",
                limits.transactionKeys() == Integer.MAX_VALUE ? "any" : "" + limits.transactionKeys());
        return cells;
    }

    private static String bytes(long bytes) {
        return bytes % (1 << 20) == 0 && bytes > 0 ? (bytes >> 20) + " MB" : String.format(Locale.ROOT, "%,d B", bytes);
    }

    /** How the tests of the kit went, by group. */
    static Map<String, String> groups(KitReport report) {
        Map<String, String> cells = new TreeMap<>();
        report.groups().forEach((group, tally) -> cells.put(group, cell(tally)));
        return cells;
    }

    private static String cell(Tally tally) {
        if (tally.skipped() == 0) {
            return tally.passed() + " passed";
        }
        return tally.passed() == 0
                ? tally.skipped() + " skipped"
                : tally.passed() + " passed, " + tally.skipped() + " skipped";
    }

    /** Why tests were skipped, and how many. */
    static Map<String, String> reasons(KitReport report) {
        Map<String, Long> counts = report.skipped().stream()
                .collect(Collectors.groupingBy(
                        test -> test.substring(test.indexOf(' ') + 1), TreeMap::new, Collectors.counting()));
        Map<String, String> cells = new TreeMap<>();
        counts.forEach((reason, count) -> cells.put(reason, "" + count));
        return cells;
    }

    /** How long calls take. */
    static Map<String, String> latencies(Map<String, Percentiles> measured) {
        Map<String, String> cells = new LinkedHashMap<>();
        measured.forEach((call, percentiles) -> cells.put(call, percentiles.toString()));
        return cells;
    }

    /** A table with a column for each system and the rows of all of them. */
    static String table(
            String corner, List<MatrixSystem> systems, Function<MatrixSystem, Map<String, String>> columns) {
        TreeSet<String> sorted = new TreeSet<>();
        List<String> rows = new ArrayList<>();
        for (MatrixSystem system : systems) {
            for (String row : columns.apply(system).keySet()) {
                if (sorted.add(row)) {
                    rows.add(row);
                }
            }
        }
        StringBuilder table = new StringBuilder();
        line(table, corner, systems.stream().map(system -> system.title).toList());
        line(table, "---", Collections.nCopies(systems.size(), "---"));
        for (String row : rows) {
            line(
                    table,
                    row,
                    systems.stream()
                            .map(system -> columns.apply(system).getOrDefault(row, ""))
                            .toList());
        }
        return table.toString();
    }

    private static void line(StringBuilder table, String first, List<String> cells) {
        table.append("| ")
                .append(first)
                .append(" | ")
                .append(String.join(" | ", cells))
                .append(" |\n");
    }
}
