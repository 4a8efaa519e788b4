// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The runs behind {@code docs/benchmarks.md}, each with a raw result file in JSON. They take hours; each can be run alone by
 * its name.
 */
final class FullSet {
    private static final Path RESULTS = Path.of("docs", "benchmarks");
    private static final String PARALLEL = "-XX:+UseParallelGC";
    private static final String G1 = "-XX:+UseG1GC";
    private static final String IN_MEMORY = "Gets|Views|Scans|Puts|Loads";

    private static final List<Part> PARTS = List.of(
            part("gets", "Gets|TypedGets", PARALLEL),
            part("views", "Views", PARALLEL),
            part("scans", "Scans", PARALLEL),
            part("puts", "Puts|Mixed", PARALLEL),
            part("loads", "Loads", PARALLEL),
            part("durables", "Durables", PARALLEL),
            part("opens", "Opens", PARALLEL),
            part("aged", "Gets.hit|Scans", PARALLEL, Map.of("age", "AGED")),
            part("g1", "Gets.hit|Views|Scans|Puts", G1),
            part("path-8", IN_MEMORY, PARALLEL, Map.of("valueLength", "8")),
            part("random-100", IN_MEMORY, PARALLEL, Map.of("keys", "RANDOM")),
            part("random-8", IN_MEMORY, PARALLEL, Map.of("keys", "RANDOM", "valueLength", "8")),
            part("dense-8", IN_MEMORY, PARALLEL, Map.of("keys", "DENSE", "valueLength", "8")));

    private FullSet() {}

    /** Runs the parts with these names, or all. */
    static void run(List<String> names) throws Exception {
        List<String> unknown = names.stream()
                .filter(name -> PARTS.stream().noneMatch(part -> part.name.equals(name)))
                .toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("No such part: " + unknown + ". There are "
                    + PARTS.stream().map(Part::name).toList() + ".");
        }
        Files.createDirectories(RESULTS);
        for (Part part : PARTS) {
            if (names.isEmpty() || names.contains(part.name)) {
                part.run();
            }
        }
    }

    private static Part part(String name, String benchmarks, String collector) {
        return part(name, benchmarks, collector, Map.of());
    }

    private static Part part(String name, String benchmarks, String collector, Map<String, String> parameters) {
        return new Part(name, "\\.(" + benchmarks + ")", collector, parameters);
    }

    private record Part(String name, String benchmarks, String collector, Map<String, String> parameters) {
        private void run() throws Exception {
            ChainedOptionsBuilder options = new OptionsBuilder()
                    .include(benchmarks)
                    .jvmArgsPrepend(collector)
                    .addProfiler(GCProfiler.class)
                    .resultFormat(ResultFormatType.JSON)
                    .result(RESULTS.resolve(name + ".json").toString());
            parameters.forEach(options::param);
            new Runner(options.build()).run();
        }
    }
}
