// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kvist.api.KvStore;
import io.github.kvist.testkit.KitReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The matrix in {@code docs/backends.md} says what the stores say. With {@code -Dkvist.matrix=write} it is written anew, from the reports
 * that the last run of the kit left and from latencies measured now.
 */
final class BackendMatrixTest {

    private static final Path PAGE = Path.of("docs", "backends.md");
    private static final String BEGIN = "<!-- matrix: written by BackendMatrixTest -->\n";
    private static final String END = "<!-- end of matrix -->\n";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void theMatrixSaysWhatTheStoreClaims(MatrixSystem system) throws IOException {
        assumeTrue(system.isPresent(), "this build has no " + system.title);
        try (KvStore store = system.open(directory)) {
            assertThat(column(system.title)).containsAllEntriesOf(Matrix.claims(store.capabilities()));
        }
    }

    /** The cells under a title, of the first table that has it. */
    private static Map<String, String> column(String title) throws IOException {
        Map<String, String> cells = new LinkedHashMap<>();
        int column = -1;
        for (String line : section().split("\n", -1)) {
            List<String> row =
                    Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
            if (column < 0) {
                column = row.indexOf(title);
            } else if (row.size() > column) {
                cells.put(row.get(1), row.get(column));
            } else {
                return cells;
            }
        }
        return cells;
    }

    private static String section() throws IOException {
        String page = Files.readString(PAGE);
        return page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END));
    }

    @Test
    @EnabledIfSystemProperty(named = "kvist.matrix", matches = "write")
    void writeTheMatrix() throws IOException {
        List<MatrixSystem> systems = Arrays.stream(MatrixSystem.values())
                .filter(MatrixSystem::isPresent)
                .toList();
        Map<MatrixSystem, KitReport> reports = new EnumMap<>(MatrixSystem.class);
        Map<MatrixSystem, Map<String, String>> latencies = new EnumMap<>(MatrixSystem.class);
        for (MatrixSystem system : systems) {
            KitReport report = KitReport.read(Path.of(KitReport.DIRECTORY_BY_DEFAULT), system.kit);
            assertThat(report.groups().values()).as(system.title).allMatch(tally -> tally.failed() == 0);
            reports.put(system, report);
            system.withDurable(
                    directory.resolve("measured"),
                    store -> latencies.put(system, Matrix.latencies(Latencies.of(store))));
        }

        String page = Files.readString(PAGE);
        String head = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
        String tail = page.substring(page.indexOf(END));
        Files.writeString(PAGE, head + String.join("\n", tables(systems, reports, latencies)) + tail);
    }

    private static List<String> tables(
            List<MatrixSystem> systems,
            Map<MatrixSystem, KitReport> reports,
            Map<MatrixSystem, Map<String, String>> latencies) {
        List<String> tables = new ArrayList<>();
        tables.add("### What each claims\n");
        tables.add(Matrix.table(
                "", systems, system -> Matrix.claims(reports.get(system).claims())));
        tables.add("### What the kit ran\n");
        tables.add(Matrix.table("Group", systems, system -> Matrix.groups(reports.get(system))));
        tables.add("### Why tests were skipped\n");
        tables.add(Matrix.table("Reason", systems, system -> Matrix.reasons(reports.get(system))));
        tables.add("### How long a call takes\n");
        tables.add(Matrix.table("p50 / p99", systems, latencies::get));
        return tables;
    }
}
