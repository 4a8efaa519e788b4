// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The demo's arguments; what it does is in {@link Demo}. */
@Command(
        name = "demo",
        header = {"Shows Kvist at work on the classes of this JDK.", ""},
        description = {
            "Shows Kvist at work on real data: loads every class of this JDK, finds classes by key and by index, "
                    + "kills a process in the middle of a load and shows what recovery finds.",
            ""
        })
final class DemoCommand implements Callable<Integer> {
    private final Screen screen;

    @Parameters(
            arity = "0..1",
            paramLabel = "STORE",
            description = "A directory, or a URI such as memory: or file:some/dir. Default: data/demo")
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

    DemoCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        return run(screen, store);
    }

    static int run(Screen screen, @Nullable String store) {
        StoreArgument address = store == null ? StoreArgument.DEFAULT : StoreArgument.of(store);
        new Demo(screen, address, JdkCatalogue.ofThisJdk()).run();
        return 0;
    }
}
