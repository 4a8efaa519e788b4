// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.Kvist;
import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.api.SalvageMode;
import io.github.kvist.api.SalvageReport;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Saves what can be saved of a damaged store. */
@Command(
        name = "salvage",
        header = {"Saves what can be saved of a damaged store into a new one.", ""},
        description = {
            "For a store that is refused as damaged, and has no backup. The damaged store is only read; what was saved is a "
                    + "store of its own, in a directory that must not exist yet.",
            "Saved is all that the store held at one moment: the newest that can be proven, from a whole checkpoint and the log "
                    + "behind it up to the first damage. With --records everything that can be read is saved, record by "
                    + "record, from whatever time it is; indexes are left out, and built again by their program."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  kvist salvage data/app --into data/saved", "  kvist salvage data/app --into data/saved --records"})
final class SalvageCommand extends Verb {

    @Parameters(index = "0", paramLabel = "STORE", description = "The directory of the damaged store.")
    private @Nullable String address;

    @Option(names = "--into", paramLabel = "NEW", required = true, description = "The directory to be made.")
    private @Nullable Path into;

    @Option(names = "--records", description = "Every record that can be read, without history.")
    private boolean isByRecord;

    SalvageCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() {
        Path target = given(into);
        SalvageReport report = salvage(StoreArgument.ofDirectory(given(address)).path(), target);
        JsonLine json = new JsonLine()
                .field("store", target.toString())
                .field("revision", report.revision())
                .field("newestRevision", report.newestRevision())
                .field("newRevision", report.newRevision())
                .field("records", report.records())
                .field("commitsLeftOut", report.commitsLeftOut())
                .objects("lost", report.findings(), SalvageCommand::fields);
        answer(json, text(report, target));
        return 0;
    }

    private SalvageReport salvage(Path damaged, Path target) {
        try {
            return Kvist.salvage(damaged, target, isByRecord ? SalvageMode.RECORDS : SalvageMode.PREFIX);
        } catch (KvException.Corrupt unprovable) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    String.valueOf(unprovable.getMessage()).replace("SalvageMode.RECORDS", "--records"),
                    unprovable);
        }
    }

    private static String text(SalvageReport report, Path target) {
        StringBuilder text = new StringBuilder("Saved ")
                .append(Figures.counted(report.records(), "record", "records"))
                .append(report.mode() == SalvageMode.PREFIX ? ", as of revision " : ", up to revision ")
                .append(Figures.number(report.revision()))
                .append(" of ")
                .append(Figures.number(report.newestRevision()))
                .append(", in ")
                .append(target)
                .append(".");
        if (report.commitsLeftOut() > 0) {
            text.append(System.lineSeparator())
                    .append("Left out: ")
                    .append(Figures.counted(report.commitsLeftOut(), "commit", "commits"))
                    .append(" behind the first damage, which could be read.");
        }
        for (Finding finding : report.findings()) {
            text.append(System.lineSeparator()).append("Lost: ").append(Printable.of(finding.toString()));
        }
        return text.append(report.findings().isEmpty() ? System.lineSeparator() + "Nothing is lost." : "")
                .toString();
    }

    private static void fields(JsonLine line, Finding finding) {
        line.field("where", finding.where()).field("what", finding.what());
    }
}
