// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.RecoveryReport;
import io.github.kvist.api.Stats;
import io.github.kvist.api.Stats.IndexSize;
import io.github.kvist.api.Stats.TableSize;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Shows what a store is made of. */
@Command(
        name = "stat",
        header = {"Shows what a store is made of.", ""},
        description = {
            "Its revision, what it takes on disk and in the heap of a program that opens it, what opening it found, and "
                    + "the size of each table and index.",
            "Sizes of tables are those of their encoded keys and values; of indexes, of their keys."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  kvist stat data/app", "  kvist stat data/app --as-of-checkpoint --json"})
final class StatCommand extends ReadCommand {

    StatCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int read(OpenStore store) {
        Stats stats = store.store().admin().stats();
        RecoveryReport recovery = store.store().admin().recovery();
        if (isJson()) {
            terminal().line(json(stats, recovery));
        } else {
            print(stats, recovery);
        }
        return 0;
    }

    private void print(Stats stats, RecoveryReport recovery) {
        Stats.Disk disk = stats.disk();
        TextTable whole = new TextTable("Store", Printable.of(address().text()));
        whole.row("Revision", Figures.number(stats.revision()));
        whole.row("Records", Figures.number(stats.entries()));
        whole.row("On disk", Figures.bytes(disk.bytes()));
        whole.row("Checkpoint", disk.checkpointBytes() == 0 ? "none" : Figures.bytes(disk.checkpointBytes()));
        whole.row("In the heap", "about " + Figures.bytes(stats.memory().dataBytes()));
        if (!isAsOfCheckpoint()) {
            whole.row("Last closed", recovery.clean() ? "properly" : "not: the process that had it open was ended");
            whole.row("To replay", Figures.counted(recovery.framesReplayed(), "frame", "frames") + " of the log");
        }
        whole.print(terminal());
        if (!stats.tables().isEmpty()) {
            terminal().line("");
            tables(stats).print(terminal());
        }
    }

    private static TextTable tables(Stats stats) {
        TextTable rows = new TextTable("TABLE", "RECORDS", "EXPIRED", "SIZE", "INDEXES");
        for (TableSize table : stats.tables()) {
            rows.row(
                    Printable.of(table.name()),
                    Figures.number(table.entries()),
                    Figures.number(table.due()),
                    Figures.bytes(table.bytes()),
                    table.indexes().stream().map(StatCommand::shown).collect(Collectors.joining(", ")));
        }
        return rows;
    }

    private static String shown(IndexSize index) {
        return Printable.of(index.name()) + " (" + Figures.number(index.entries()) + ", " + Figures.bytes(index.bytes())
                + ")";
    }

    private String json(Stats stats, RecoveryReport recovery) {
        JsonLine line = new JsonLine()
                .field("store", address().text())
                .field("revision", stats.revision())
                .field("records", stats.entries())
                .field("diskBytes", stats.disk().bytes())
                .field("checkpointBytes", stats.disk().checkpointBytes())
                .field("heapBytes", stats.memory().dataBytes());
        if (!isAsOfCheckpoint()) {
            line.field("closedProperly", recovery.clean()).field("framesToReplay", recovery.framesReplayed());
        }
        return line.objects("tables", stats.tables(), StatCommand::fields).end();
    }

    private static void fields(JsonLine line, TableSize table) {
        line.field("table", table.name())
                .field("records", table.entries())
                .field("expired", table.due())
                .field("bytes", table.bytes())
                .objects(
                        "indexes",
                        table.indexes(),
                        (inner, index) -> inner.field("index", index.name())
                                .field("entries", index.entries())
                                .field("bytes", index.bytes()));
    }
}
