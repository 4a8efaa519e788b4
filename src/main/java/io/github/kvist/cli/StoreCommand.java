// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** A command on a store that others can open too, which is its first argument. */
abstract class StoreCommand extends Verb {

    @Parameters(
            index = "0",
            paramLabel = "STORE",
            description = "The directory of the store, or the address of a system.")
    private @Nullable String address;

    StoreCommand(Terminal terminal) {
        super(terminal);
    }

    final StoreArgument address() {
        return StoreArgument.ofKept(given(address));
    }
}
