// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What commands take that may need long. */
final class ProgressOption {
    @Option(
            names = "--progress",
            negatable = true,
            description = "Show how far it is, or do not. Default: if a person is watching.")
    private @Nullable Boolean isWanted;

    /** Shows the progress of {@code what}, on the terminal's side for everything that was not asked for. */
    Bar bar(Terminal terminal, String what) {
        boolean isShown = isWanted == null ? terminal.isInteractive() : isWanted;
        return new Bar(terminal, isShown, what);
    }
}
