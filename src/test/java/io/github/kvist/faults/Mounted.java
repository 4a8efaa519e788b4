// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system of a test's own, mounted for as long as the test lasts; and the tools of the machine that make one. */
final class Mounted implements AutoCloseable {

    private final Path place;

    private Mounted(Path place) {
        this.place = place;
    }

    /** One in memory that is full soon. Skips the test, saying why, where it cannot be mounted. */
    static Mounted tmpfs(Path place, String size) throws IOException, InterruptedException {
        return mount(place, "mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", place.toString());
    }

    /** One on a device. */
    static Mounted device(Path place, String device, String options) throws IOException, InterruptedException {
        return mount(place, "mount", "-o", options, device, place.toString());
    }

    private static Mounted mount(Path place, String... command) throws IOException, InterruptedException {
        Files.createDirectories(place);
        need(command);
        return new Mounted(place);
    }

    Path place() {
        return place;
    }

    /** What a tool of the system prints. Skips the test where it is missing or refused: many containers mount nothing, for root neither. */
    static String need(String... command) throws IOException, InterruptedException {
        String refusal;
        try {
            Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
            String printed = new String(tool.getInputStream().readAllBytes()).strip();
            if (tool.waitFor() == 0) {
                return printed;
            }
            refusal = printed;
        } catch (IOException missing) {
            refusal = "there is no " + command[0];
        }
        String what =
                "Not tried, because this machine does not let us \"" + String.join(" ", command) + "\": " + refusal;
        System.out.println("campaign: " + what);
        return abort(what);
    }

    @Override
    public void close() throws IOException {
        try {
            Process umount = new ProcessBuilder(List.of("umount", place.toString())).start();
            umount.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
