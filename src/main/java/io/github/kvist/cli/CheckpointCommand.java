// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import picocli.CommandLine.Command;

/** Writes a checkpoint. */
@Command(
        name = "checkpoint",
        header = {"Writes a checkpoint, so that the next opening is quick.", ""},
        description = "Writes the newest revision of a store as a checkpoint and cuts the log before it, so that the "
                + "next opening is quick.",
        footerHeading = "%nExamples:%n",
        footer = "  kvist checkpoint data/app")
final class CheckpointCommand extends WriteCommand {

    CheckpointCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int write(OpenStore store) {
        store.store().admin().checkpoint();
        long revision = store.store().revision();
        answer(
                new JsonLine().field("revision", revision),
                "Wrote a checkpoint of revision " + Figures.number(revision) + ".");
        return 0;
    }
}
