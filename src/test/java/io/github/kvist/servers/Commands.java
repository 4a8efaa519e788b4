// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Short commands of the system. */
final class Commands {

    private static final int TIMEOUT_SECONDS = 60;

    private Commands() {}

    /** Runs a command and returns what it printed. */
    static String run(List<String> command) {
        Result result = tryRun(command);
        if (result.exit() != 0) {
            throw new IllegalStateException(command.get(0) + " ended with " + result.exit() + ":\n" + result.printed());
        }
        return result.printed();
    }

    static Result tryRun(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command.get(0) + " did not end:\n" + printed);
            }
            return new Result(process.exitValue(), printed);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted in " + command.get(0) + ".", interrupt);
        }
    }

    /** Where a program lies on the path of this process. */
    static Optional<Path> find(String program) {
        String path = System.getenv("PATH");
        return List.of((path == null ? "" : path).split(File.pathSeparator)).stream()
                .map(directory -> Path.of(directory).resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    record Result(int exit, String printed) {}
}
