// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.Admin;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes all records as text. */
@Command(
        name = "export",
        header = {"Writes all records as lines of JSON.", ""},
        description =
                "Writes every record of a store as JSON, one object a line, table by table, in UTF-8. \"kvist import\" "
                        + "reads it; docs/format.md describes it.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvist export data/app -o app.jsonl",
            "  kvist export data/app | gzip > app.jsonl.gz",
        })
final class ExportCommand extends ReadCommand {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Which must not exist. Default: standard output.")
    private @Nullable Path output;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    ExportCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int read(OpenStore store) {
        Admin admin = store.store().admin();
        if (output == null) {
            export(admin, terminal().bytes());
        } else {
            export(admin, output);
            terminal()
                    .note("Exported " + Figures.counted(store.tables().size(), "table", "tables") + " of revision "
                            + Figures.number(store.store().revision()) + " to " + Printable.of(output.toString())
                            + ".");
        }
        return 0;
    }

    private void export(Admin admin, OutputStream out) {
        try (Bar bar = progress.bar(terminal(), "records")) {
            admin.exportJsonLines(out, bar::at);
        }
    }

    private void export(Admin admin, Path file) {
        boolean isWhole = false;
        boolean isOurs = false;
        try {
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                isOurs = true;
                export(admin, out);
            }
            isWhole = true;
        } catch (FileAlreadyExistsException present) {
            throw CommandFailure.usage(file + " is there already. Write the name of a new file.", present);
        } catch (IOException failed) {
            throw new UncheckedIOException(file + " cannot be written: " + failed, failed);
        } finally {
            if (isOurs && !isWhole) {
                delete(file);
            }
        }
    }

    private void delete(Path unfinished) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException failed) {
            terminal().note("kvist: " + unfinished + " is not whole and cannot be deleted: " + failed);
        }
    }
}
