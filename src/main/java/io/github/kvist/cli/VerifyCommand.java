// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.table.StoredTable;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Checks a store. */
@Command(
        name = "verify",
        header = {"Checks a store without changing it.", ""},
        description = {
            "Looks at every checksum on disk, at every invariant of the trees in memory, and whether every key and value is "
                    + "what its codec makes. Exit code 2 if something is wrong.",
            "That every entry of an index leads to a record is checked too, but not that it is the right entry: what it is made "
                    + "from is known to the program alone, and checked by its Admin.verify()."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  kvist verify data/app", "  kvist verify data/app --json | jq .findings"})
final class VerifyCommand extends StoreCommand {

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    private final List<Finding> findings = new ArrayList<>();

    VerifyCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        StoreArgument address = address();
        try (OpenStore store = OpenStore.of(address.open(Options.defaults().readOnly()))) {
            findings.addAll(store.store().admin().verify().findings());
            report(store, records(store));
        } catch (KvException.Corrupt damaged) {
            findings.add(new Finding(address.toString(), String.valueOf(damaged.getMessage())));
            report(new JsonLine(), "The store cannot be opened.");
        }
        return findings.isEmpty() ? 0 : CommandFailure.FINDINGS;
    }

    private long records(OpenStore store) {
        List<RawTable> tables = store.tables().stream().map(RawTable::of).toList();
        long total = tables.stream()
                .mapToLong(table -> store.store().in(table.table()).count())
                .sum();
        long done = 0;
        try (Bar bar = progress.bar(terminal(), "records")) {
            for (RawTable table : tables) {
                RecordCheck check = new RecordCheck(table);
                done = check.run(store.store(), done, total, bar);
                check.finding().ifPresent(findings::add);
            }
        }
        return done;
    }

    private void report(OpenStore store, long records) {
        long revision = store.store().revision();
        List<Finding> crash = store.store().admin().recovery().findings();
        JsonLine json = new JsonLine()
                .field("revision", revision)
                .field("tables", store.tables().size())
                .field("records", records)
                .objects("notes", crash, VerifyCommand::fields);
        StringBuilder text = new StringBuilder("Revision " + Figures.number(revision) + ", "
                + Figures.counted(store.tables().size(), "table", "tables") + ", "
                + Figures.counted(records, "record", "records") + ".");
        crash.forEach(
                note -> text.append(System.lineSeparator()).append("Note: ").append(Printable.of(note.toString())));
        if (store.tables().stream().map(StoredTable::indexes).anyMatch(indexes -> !indexes.isEmpty())) {
            text.append(System.lineSeparator())
                    .append("Not checked: whether the entries of indexes are right; only their program can tell.");
        }
        report(json, text.toString());
    }

    private void report(JsonLine json, String text) {
        if (isJson()) {
            terminal()
                    .line(json.field("clean", findings.isEmpty())
                            .objects("findings", findings, VerifyCommand::fields)
                            .end());
            return;
        }
        terminal().line(text);
        findings.forEach(finding -> terminal().line("Finding: " + Printable.of(finding.toString())));
        terminal()
                .line(findings.isEmpty() ? "No findings." : Figures.counted(findings.size(), "finding.", "findings."));
    }

    private static void fields(JsonLine line, Finding finding) {
        line.field("where", finding.where()).field("what", finding.what());
    }
}
