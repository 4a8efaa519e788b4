// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes one record. */
@Command(
        name = "delete",
        header = {"Removes a key and its value.", ""},
        description =
                "Durably. Exit code 1 if the key is not there. Refused for a table with indexes, which only its program "
                        + "can keep up to date.",
        footerHeading = "%nExamples:%n",
        footer = "  kvist delete data/app notes monday")
final class DeleteCommand extends WriteCommand {

    @Parameters(index = "1", paramLabel = "TABLE", description = "Its name; \"kvist tables\" lists them.")
    private @Nullable String table;

    @Parameters(index = "2", paramLabel = "KEY", description = "As \"kvist scan\" shows it.")
    private @Nullable String key;

    DeleteCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int write(OpenStore store) {
        RawTable from = store.table(given(table));
        store.requireNoIndexes(from);
        byte[] wanted = from.key(given(key));
        if (!store.store().in(from.table()).delete(wanted)) {
            throw CommandFailure.failed("table " + Printable.of(from.name()) + " has no key "
                    + Printable.of(from.keys().text(wanted), Screen.COLUMNS) + "; nothing was changed.");
        }
        long revision = store.store().revision();
        answer(
                new JsonLine()
                        .field("table", from.name())
                        .field("key", from.keys(), wanted)
                        .field("revision", revision),
                "Deleted in revision " + Figures.number(revision) + ".");
        return 0;
    }
}
