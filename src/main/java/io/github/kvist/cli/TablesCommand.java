// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.Snapshot;
import io.github.kvist.table.StoredTable;
import io.github.kvist.table.StoredTable.StoredIndex;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Lists what tables there are. */
@Command(
        name = "tables",
        header = {"Lists the tables of a store.", ""},
        description = "How many records each has, how its keys and values are encoded, and its indexes.",
        footerHeading = "%nExamples:%n",
        footer = {"  kvist tables data/app", "  kvist tables data/app --json | jq -r .table"})
final class TablesCommand extends ReadCommand {

    TablesCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int read(OpenStore store) {
        TextTable rows = new TextTable("TABLE", "RECORDS", "KEYS", "VALUES", "INDEXES");
        try (Snapshot snapshot = store.store().snapshot()) {
            for (StoredTable stored : store.tables()) {
                long records = snapshot.in(RawTable.of(stored).table()).count();
                if (isJson()) {
                    terminal().line(json(stored, records));
                } else {
                    rows.row(
                            Printable.of(stored.name()),
                            Figures.number(records),
                            Printable.of(stored.keys()),
                            Printable.of(stored.values()),
                            indexes(stored));
                }
            }
        }
        if (!isJson()) {
            print(rows);
        }
        return 0;
    }

    private void print(TextTable rows) {
        if (rows.isEmpty()) {
            terminal().line("The store has no tables.");
        } else {
            rows.print(terminal());
        }
    }

    private static String indexes(StoredTable stored) {
        return stored.indexes().stream()
                .map(index -> Printable.of(index.name()) + " (" + kind(index) + ", " + Printable.of(index.keys()) + ")")
                .collect(Collectors.joining(", "));
    }

    private static String kind(StoredIndex index) {
        return index.kind().name().toLowerCase(Locale.ROOT);
    }

    private static String json(StoredTable stored, long records) {
        return new JsonLine()
                .field("table", stored.name())
                .field("records", records)
                .field("keys", stored.keys())
                .field("values", stored.values())
                .objects(
                        "indexes",
                        stored.indexes(),
                        (line, index) -> line.field("index", index.name())
                                .field("kind", kind(index))
                                .field("keys", index.keys())
                                .field("revision", index.revision()))
                .end();
    }
}
