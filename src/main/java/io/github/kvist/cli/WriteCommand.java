// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.Options;

/** A command that changes a store that is there. */
abstract class WriteCommand extends StoreCommand {

    WriteCommand(Terminal terminal) {
        super(terminal);
    }

    /** Does what was asked for, and returns the exit code. */
    abstract int write(OpenStore store);

    @Override
    public final Integer call() {
        StoreArgument address = address();
        address.requireStore();
        try (OpenStore store = OpenStore.of(address.open(Options.defaults()))) {
            return write(store);
        }
    }
}
