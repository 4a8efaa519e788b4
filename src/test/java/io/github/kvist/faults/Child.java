// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Another process that runs a class of the tests, started as lightly as a JVM can be. What it prints is read line by line; what
 * it complains of goes to a file and is shown when something went wrong.
 */
final class Child implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final BufferedReader lines;
    private final Path errors;

    private Child(Process process, Path errors) {
        this.process = process;
        this.lines = process.inputReader(StandardCharsets.UTF_8);
        this.errors = errors;
    }

    /** Starts {@code main} with flags of its own for the JVM. */
    static Child start(Path errors, List<String> flags, Class<?> main, Object... arguments) throws IOException {
        return run(errors, command(flags, main, arguments));
    }

    /** Starts {@code main} in a shell that has said {@code limits} before, such as {@code ulimit -n 40}. */
    static Child startLimited(Path errors, String limits, List<String> flags, Class<?> main, Object... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", limits + " && exec \"$@\"", "limited"));
        command.addAll(command(flags, main, arguments));
        return run(errors, command);
    }

    private static List<String> command(List<String> flags, Class<?> main, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    private static Child run(Path errors, List<String> command) throws IOException {
        return new Child(
                new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
    }

    /** The next line; {@code null} when the process has ended and all was read. */
    @Nullable
    String line() throws IOException {
        return lines.readLine();
    }

    /** Tells it something on its standard input. */
    void tell(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Ends it without any notice; what it has printed can still be read, which would not be so with that of {@link Process}. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Waits for its end and returns its exit code. */
    int exit() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("The process does not end. It said:\n" + complaints());
        }
        return process.exitValue();
    }

    /** What it complained of. */
    String complaints() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
