// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.Entry;
import io.github.kvist.api.Expiry;
import io.github.kvist.table.StoredTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores one value. */
@Command(
        name = "put",
        header = {"Stores a value under a key.", ""},
        description = {
            "Durably, in place of what is there.",
            "Refused for a table with indexes, which only its program can keep up to date, and for one with a codec "
                    + "that is not Kvist's own."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  kvist put data/app notes monday 'buy milk'",
            "  kvist put data/app settings theme '{\"dark\":true}'       a value of JSON",
            "  kvist put data/app notes tuesday < note.txt",
            "  kvist put data/app codes 4711 secret --expires-after 15m",
            "  kvist put data/app words a b --keys string --values string   makes the table",
        })
final class PutCommand extends WriteCommand {

    @Parameters(index = "1", paramLabel = "TABLE", description = "Its name; \"kvist tables\" lists them.")
    private @Nullable String table;

    @Parameters(index = "2", paramLabel = "KEY", description = "As \"kvist scan\" shows it.")
    private @Nullable String key;

    @Parameters(
            index = "3",
            arity = "0..1",
            paramLabel = "VALUE",
            description = "In the form of the table's codec. Default: what comes from standard input, UTF-8.")
    private @Nullable String value;

    @Option(
            names = "--expires-after",
            paramLabel = "TIME",
            description = "When the entry is gone again, such as 30s, 15m, 12h or 7d. Default: never, also where the "
                    + "program has another default.")
    private @Nullable String expiresAfter;

    @Option(names = "--keys", paramLabel = "CODEC", description = "Of a table that is to be made: string, int64, ...")
    private @Nullable String keys;

    @Option(names = "--values", paramLabel = "CODEC", description = "Of a table that is to be made: json, string, ...")
    private @Nullable String values;

    PutCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int write(OpenStore store) {
        RawTable to = table(store);
        store.requireNoIndexes(to);
        requireWritable(to, "keys", to.stored().keys(), to.keys());
        requireWritable(to, "values", to.stored().values(), to.values());
        byte[] storedKey = to.key(given(key));
        byte[] storedValue = to.value(value == null ? input() : value);
        Expiry expiry = expiresAfter == null ? Expiry.never() : Expiry.after(Durations.parse(expiresAfter));
        store.store().in(to.table()).put(storedKey, storedValue, expiry);
        long revision = store.store().revision();
        Entry<byte[], byte[]> entry =
                store.store().in(to.table()).entry(storedKey).orElseThrow();
        answer(
                new JsonLine()
                        .field("table", to.name())
                        .field("key", to.keys(), storedKey)
                        .field("version", entry.version().toString())
                        .optional("expiresAt", entry.expiresAt())
                        .field("revision", revision),
                "Stored in revision " + Figures.number(revision) + ".");
        return 0;
    }

    private RawTable table(OpenStore store) {
        String name = given(table);
        if (keys == null && values == null) {
            return store.table(name);
        }
        if (keys == null || values == null) {
            throw CommandFailure.usage("--keys and --values make a table only together.", null);
        }
        for (StoredTable stored : store.tables()) {
            if (stored.name().equals(name)) {
                return unchanged(stored, keys, values);
            }
        }
        try {
            return RawTable.of(new StoredTable(name, keys, values, List.of()));
        } catch (IllegalArgumentException refused) {
            throw CommandFailure.usage(String.valueOf(refused.getMessage()), refused);
        }
    }

    private static RawTable unchanged(StoredTable stored, String keys, String values) {
        if (!stored.keys().equals(keys) || !stored.values().equals(values)) {
            throw CommandFailure.usage(
                    "table " + Printable.of(stored.name()) + " is there, with keys by " + stored.keys()
                            + " and values by " + stored.values() + ". Leave out --keys and --values.",
                    null);
        }
        return RawTable.of(stored);
    }

    private static void requireWritable(RawTable to, String part, String codec, Form form) {
        if (!form.isWritable()) {
            throw CommandFailure.failed("the " + part + " of table " + Printable.of(to.name()) + " have the codec "
                    + Printable.of(codec) + ", which only the program behind the table can write. "
                    + "Write through that program; nothing was changed.");
        }
    }

    private String input() {
        try {
            return new String(terminal().in().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException("the value cannot be read: " + failed.getMessage(), failed);
        }
    }
}
