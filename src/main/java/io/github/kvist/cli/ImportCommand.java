// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.Options;
import io.github.kvist.table.StoredTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads records from text. */
@Command(
        name = "import",
        header = {"Reads records from lines of JSON.", ""},
        description = {
            "Puts the records of lines of JSON, as \"kvist export\" writes them, over what is in a store, which is made if it "
                    + "is not there. Up to a thousand lines are one transaction; a line that is refused ends the import, "
                    + "and the message says what was imported before it.",
            "Refused for a store with indexes, which only their program can keep up to date, unless it may drop them."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvist import data/copy -i app.jsonl",
            "  gunzip < app.jsonl.gz | kvist import data/copy",
        })
final class ImportCommand extends StoreCommand {

    @Option(
            names = {"-i", "--input"},
            paramLabel = "FILE",
            description = "Default: standard input.")
    private @Nullable Path input;

    @Option(
            names = "--drop-indexes",
            description =
                    "Drop the indexes of the tables that are written to. The program that defines them builds them "
                            + "again when it opens the store.")
    private boolean mayDropIndexes;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    ImportCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        // The file is looked at first, so that a slip of the pen leaves no empty store.
        try (InputStream in = input == null ? terminal().in() : Files.newInputStream(input);
                OpenStore store = OpenStore.of(address().open(Options.defaults()))) {
            requireNoIndexes(store);
            read(store, in);
            long revision = store.store().revision();
            answer(
                    new JsonLine().field("store", address().text()).field("revision", revision),
                    "Imported; the store is at revision " + Figures.number(revision) + ".");
            return 0;
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    (input == null ? "the input" : input) + " cannot be read: " + failed, failed);
        }
    }

    private void read(OpenStore store, InputStream in) throws IOException {
        long total = input == null ? -1 : Files.size(input);
        try (Bar bar = progress.bar(terminal(), "bytes")) {
            store.store().admin().importJsonLines(in, (done, unknown) -> bar.at(done, total));
        }
    }

    private void requireNoIndexes(OpenStore store) {
        String indexed = store.tables().stream()
                .filter(table -> !table.indexes().isEmpty())
                .map(StoredTable::name)
                .map(Printable::of)
                .collect(Collectors.joining(", "));
        if (!mayDropIndexes && !indexed.isEmpty()) {
            throw CommandFailure.failed(
                    "the store has tables with indexes (" + indexed + "), and only the program that "
                            + "defines them knows their keys. Import through that program, or with --drop-indexes; "
                            + "nothing was changed.");
        }
    }
}
