// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JMH's result files as tables in Markdown: per benchmark and parameters one table, per store one row with the median
 * of all forks and iterations, how many times slower than Kvist that is, and the bytes allocated per operation.
 */
final class Tables {
    private static final String KVIST = "KVIST";
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private Tables() {}

    static void print(List<String> files) throws IOException {
        Map<String, List<Row>> tables = new LinkedHashMap<>();
        for (String file : files) {
            for (JsonNode run : new JsonMapper().readTree(Path.of(file).toFile())) {
                tables.computeIfAbsent(title(run), title -> new ArrayList<>()).addAll(rows(run));
            }
        }
        tables.forEach(Tables::print);
    }

    private static void print(String title, List<Row> rows) {
        @Nullable
        Row kvist =
                rows.stream().filter(row -> row.store.equals(KVIST)).findFirst().orElse(null);
        System.out.printf("%n**%s**%n%n", title);
        System.out.println("| store | median | spread | Kvist is … times as fast | allocated B |");
        System.out.println("|---|---:|---:|---:|---:|");
        for (Row row : rows) {
            System.out.printf(
                    "| %s | %s %s | %s–%s | %s | %s |%n",
                    row.store,
                    number(row.median),
                    row.unit,
                    number(row.low),
                    number(row.high),
                    kvist == null ? "" : "%.2f".formatted(row.timesSlowerThan(kvist)),
                    Double.isNaN(row.allocated) ? "" : "%.0f".formatted(row.allocated));
        }
    }

    private static String number(double value) {
        return value >= 100 ? "%,.0f".formatted(value) : "%.3g".formatted(value);
    }

    private static String title(JsonNode run) {
        String name = run.get("benchmark").asText();
        StringBuilder title = new StringBuilder(name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1));
        run.path("params").properties().forEach(parameter -> {
            if (!parameter.getKey().equals("store")) {
                title.append(", ")
                        .append(parameter.getKey())
                        .append(' ')
                        .append(parameter.getValue().asText());
            }
        });
        String collector = run.path("jvmArgs").toString().contains("UseG1GC") ? ", G1" : "";
        return title + collector;
    }

    private static List<Row> rows(JsonNode run) {
        String store = run.path("params").path("store").asText("");
        double allocated =
                run.path("secondaryMetrics").path(ALLOCATED).path("score").asDouble(Double.NaN);
        boolean isRate = run.get("mode").asText().equals("thrpt");
        List<Row> rows = new ArrayList<>();
        rows.add(row(store, run.get("primaryMetric"), isRate, allocated));
        for (String part : List.of("reader", "writer")) {
            JsonNode metric = run.path("secondaryMetrics").path(part);
            if (!metric.isMissingNode()) {
                rows.add(row(store + ", " + part, metric, isRate, Double.NaN));
            }
        }
        return rows;
    }

    private static Row row(String store, JsonNode metric, boolean isRate, double allocated) {
        List<Double> values = new ArrayList<>();
        for (JsonNode fork : metric.get("rawData")) {
            fork.forEach(value -> values.add(value.asDouble()));
        }
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double median = (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
        return new Row(
                store,
                median,
                Arrays.stream(sorted).min().orElseThrow(),
                Arrays.stream(sorted).max().orElseThrow(),
                metric.get("scoreUnit").asText(),
                isRate,
                allocated);
    }

    private record Row(
            String store, double median, double low, double high, String unit, boolean isRate, double allocated) {
        double timesSlowerThan(Row other) {
            return isRate ? other.median / median : median / other.median;
        }
    }
}
