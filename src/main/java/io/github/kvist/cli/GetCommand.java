// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one value. */
@Command(
        name = "get",
        header = {"Shows the value of a key.", ""},
        description = "Exit code 1 if the key is not there.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvist get data/app people ann",
            "  kvist get data/app visits '[\"ann\",3]'       a tuple, as an array of JSON",
            "  kvist get data/app blobs hex:00ff --raw > f  the bytes themselves",
        })
final class GetCommand extends ReadCommand {

    @Parameters(index = "1", paramLabel = "TABLE", description = "Its name; \"kvist tables\" lists them.")
    private @Nullable String table;

    @Parameters(index = "2", paramLabel = "KEY", description = "As \"kvist scan\" shows it.")
    private @Nullable String key;

    @Option(names = "--raw", description = "Print the stored bytes and nothing else.")
    private boolean isRaw;

    GetCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int read(OpenStore store) {
        RawTable from = store.table(given(table));
        byte[] wanted = from.key(given(key));
        Optional<Entry<byte[], byte[]>> found = store.store().in(from.table()).entry(wanted);
        if (found.isEmpty()) {
            throw CommandFailure.failed("table " + Printable.of(from.name()) + " has no key "
                    + Printable.of(from.keys().text(wanted), Screen.COLUMNS) + ".");
        }
        Entry<byte[], byte[]> entry = found.get();
        if (isRaw) {
            write(entry.value());
        } else {
            String text = from.values().text(entry.value());
            // Into a file or a pipe it goes as it is; a terminal would obey what is hidden in it.
            String shown = terminal().isInteractive() ? Printable.of(text) : text;
            terminal().line(isJson() ? from.json(entry, true).end() : shown);
        }
        return 0;
    }

    private void write(byte[] value) {
        try {
            terminal().bytes().write(value);
            terminal().bytes().flush();
        } catch (IOException failed) {
            throw new UncheckedIOException("the value cannot be written: " + failed.getMessage(), failed);
        }
    }
}
