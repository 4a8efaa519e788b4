// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.jmh.rival.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Where stores under measurement live: below the folder of the system property {@code bench.files} ({@code target/bench}) if
 * the disk counts, else below {@code bench.memory} ({@code /dev/shm} where there is one), a file system in memory.
 */
final class Scratch {
    private static final Path SHM = Path.of("/dev/shm");

    private Scratch() {}

    /** A new, empty directory, deleted when the JVM ends. */
    static Path directory(Home home) throws IOException {
        Path directory = Files.createTempDirectory(Files.createDirectories(parent(home)), "bench");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
        return directory;
    }

    static Path parent(Home home) {
        Path files = Path.of(System.getProperty("bench.files", "target/bench"));
        Path memory = Path.of(System.getProperty(
                "bench.memory",
                Files.isWritable(SHM) ? SHM.resolve("kvist-bench").toString() : files.toString()));
        return home == Home.MEMORY ? memory : files;
    }

    /** Deletes the directory and all in it, if it is there. */
    static void delete(Path directory) {
        if (Files.notExists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static long bytes(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
