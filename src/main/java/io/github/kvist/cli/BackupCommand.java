// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Copies a store into one file. */
@Command(
        name = "backup",
        header = {"Writes everything in a store to one file.", ""},
        description =
                "Writes everything in a store (records, indexes, versions, deadlines) to a new file, which is read "
                        + "again and checked before it gets its name. \"kvist restore\" brings it back.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvist backup data/app app.kvist",
            "  kvist backup data/app app.kvist --as-of-checkpoint   while another process has the store",
        })
final class BackupCommand extends ReadCommand {

    @Parameters(index = "1", paramLabel = "TARGET", description = "The file, which must not exist; its directory must.")
    private @Nullable Path target;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    BackupCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int read(OpenStore store) {
        Path file = given(target);
        try (Bar bar = progress.bar(terminal(), "entries, written and read again")) {
            store.store().admin().backup(file, bar::at);
        }
        long revision = store.store().revision();
        long bytes = bytes(file);
        answer(
                new JsonLine()
                        .field("target", file.toString())
                        .field("revision", revision)
                        .field("bytes", bytes),
                "Wrote revision " + Figures.number(revision) + " to " + Printable.of(file.toString()) + ", "
                        + Figures.bytes(bytes) + ", and checked it.");
        return 0;
    }

    private static long bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(file + " was written, but is gone: " + failed.getMessage(), failed);
        }
    }
}
