// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import picocli.CommandLine.Option;

/** What every command takes. */
final class CommonOptions {
    static final String DEBUG = "--debug";

    @Option(names = "--json", description = "Print JSON, one object a line, in ASCII.")
    boolean isJson;

    @Option(names = DEBUG, description = "Show where a failure came from.")
    @SuppressWarnings("unused") // looked at by Main, by its name
    private boolean isDebug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this and end.")
    @SuppressWarnings("unused") // set and looked at by picocli
    private boolean isHelpWanted;
}
