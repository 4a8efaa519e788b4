// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The floor plan of the house. */
final class ArchitectureTest {
    private static final Path SOURCES = Path.of("src");
    private static final String LICENCE = "// SPDX-License-Identifier: Apache-2.0";

    @Test
    void everySourceFileNamesItsLicenceOnTheFirstLine() throws IOException {
        assertThat(javaFiles())
                .isNotEmpty()
                .allSatisfy(file -> assertThat(firstLine(file)).isEqualTo(LICENCE));
    }

    private static List<Path> javaFiles() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).collect(toList());
        }
    }

    private static String firstLine(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().orElse("");
        }
    }
}
