// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command without a verb: the demo, so that the shortest call shows something. */
@Command(
        name = "kvist",
        description = {
            "Looks into a Kvist store and looks after it. Without a command: the demo.",
            "",
            "A store is a directory. One process at a time may write to it, several may read it together; commands that only "
                    + "read can look at its newest checkpoint (--as-of-checkpoint) while another process has it open. Or it is "
                    + "the address of a system, postgresql://HOST/DATABASE or redis://HOST, that many may use at a time.",
            "Keys and values are shown and taken by what the store knows of its tables: text, numbers, JSON; other "
                    + "bytes as hex:00ff or base64:AP8=.",
            ""
        },
        commandListHeading = "%nCommands (\"kvist COMMAND --help\" has examples):%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it failed, or the key or table that was asked for is not there",
            "2:the arguments make no sense; or verify has findings",
            "3:another process has the store"
        })
final class KvistCommand implements Callable<Integer> {
    private final Screen screen;

    @Parameters(
            arity = "0..1",
            paramLabel = "STORE",
            description = "For the demo: a directory, or a URI such as memory: or file:some/dir. Default: data/demo")
    private @Nullable String store;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this and end.")
    @SuppressWarnings("unused") // set and looked at by picocli
    private boolean isHelpWanted;

    @Option(names = CommonOptions.DEBUG, description = "Show where a failure came from.")
    @SuppressWarnings("unused") // looked at by Main, by its name
    private boolean isDebug;

    KvistCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        return DemoCommand.run(screen, store);
    }
}
