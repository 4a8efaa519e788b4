// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import picocli.CommandLine.Option;

/** A command that only reads, beside other readers; and, if so asked, beside a writer. */
abstract class ReadCommand extends StoreCommand {

    @Option(
            names = "--as-of-checkpoint",
            description = "Read the store's newest checkpoint, without a lock: works while another process has "
                    + "the store open, but does not show what was committed since.")
    private boolean isAsOfCheckpoint;

    ReadCommand(Terminal terminal) {
        super(terminal);
    }

    /** Whether the log is left out, and so nothing is known of how the store was closed. */
    final boolean isAsOfCheckpoint() {
        return isAsOfCheckpoint;
    }

    /** Does what was asked for, and returns the exit code. */
    abstract int read(OpenStore store);

    @Override
    public final Integer call() {
        try (OpenStore store = open()) {
            return read(store);
        }
    }

    private OpenStore open() {
        if (isAsOfCheckpoint) {
            return OpenStore.of(address().openNewestCheckpoint());
        }
        try {
            return OpenStore.of(address().open(Options.defaults().readOnly()));
        } catch (KvException.Locked inUse) {
            throw new CommandFailure(
                    CommandFailure.IN_USE,
                    inUse.getMessage() + " Or read its newest checkpoint, with --as-of-checkpoint.",
                    inUse);
        }
    }
}
