// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A password shows nowhere. A process of its own fails in every way with a password that is easy to find, with everything turned on that can
 * log or record; all that it printed, logged and recorded is searched.
 */
@Timeout(120)
abstract class SecretsContract {

    static final String CANARY = "CANARY";
    private static final String PASSWORD = CANARY + "-of-the-server";

    @TempDir
    private Path directory;

    abstract RemoteSystem system();

    @Test
    void aPasswordShowsNowhere() throws Exception {
        Path recording = directory.resolve("recording.jfr");
        String printed;
        try (Server server = system().start(PASSWORD)) {
            String right = system().uri(server, "secrets", SecretsProgram.PORT, PASSWORD);
            printed = run(recording, String.valueOf(server.port()), right);
        }

        assertThat(printed.lines().filter(line -> line.contains(CANARY))).isEmpty();
        assertThat(Files.readString(recording, StandardCharsets.ISO_8859_1).contains(CANARY))
                .isFalse();
        assertThat(recorded(recording)).isNotEmpty().noneMatch(event -> event.contains(CANARY));
        // The search is of something: each channel has told what it was given.
        assertThat(printed)
                .contains(SecretsProgram.LOGGED)
                .contains(SecretsProgram.LOGGED_BY_DRIVERS)
                .contains(SecretsProgram.METERED)
                .contains(SecretsProgram.END);
        assertThat(recorded(recording)).anyMatch(event -> event.contains(SecretsProgram.RECORDED));
    }

    private static List<String> recorded(Path recording) throws IOException {
        return RecordingFile.readAllEvents(recording).stream()
                .map(Object::toString)
                .toList();
    }

    /** What it is about comes by standard input: a command line is recorded, and shown to everybody. */
    private String run(Path recording, String... lines) throws IOException, InterruptedException {
        Path output = directory.resolve("output.txt");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SecretsProgram.class.getName(),
                        recording.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try (Writer in = child.outputWriter(StandardCharsets.UTF_8)) {
            in.write(String.join("\n", lines) + "\n");
        }
        if (!child.waitFor(90, TimeUnit.SECONDS)) {
            child.destroyForcibly();
        }
        String printed = Files.readString(output);
        assertThat(child.exitValue())
                .as(() -> printed.substring(Math.max(0, printed.length() - 5_000)))
                .isZero();
        return printed;
    }
}
