// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.servers.Servers;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A million entries through four systems under writers, in a process with a small heap; takes minutes, so only when asked for. */
@Tag("soak")
final class MillionEntriesTest {

    private static final String ENTRIES = System.getProperty("kvist.million", "1000000");

    @TempDir
    Path directory;

    @Test
    void aMillionEntriesMoveWithinASmallHeap() throws Exception {
        String name = "million_" + UUID.randomUUID().toString().replace('-', '_');
        List<String> lines = output(
                ENTRIES,
                Servers.postgres().uri(name),
                Servers.postgres().uri(name + "_compared"),
                Servers.redis().uri(name),
                Servers.redis().uri(name + "_compared"),
                "file:" + directory.resolve("end"),
                "file:" + directory.resolve("compared"));

        assertThat(lines).anyMatch(line -> line.contains("none lost"));
    }

    private static List<String> output(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseParallelGC",
                "-cp",
                System.getProperty("java.class.path"),
                MillionMoved.class.getName()));
        command.addAll(List.of(arguments));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = child.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                System.out.println(line);
                lines.add(line);
            }
        }
        assertThat(child.waitFor()).as(String.join("\n", lines)).isZero();
        return lines;
    }
}
