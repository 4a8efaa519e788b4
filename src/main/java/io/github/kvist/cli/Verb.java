// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** A command with what every command has. */
abstract class Verb implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    Verb(Terminal terminal) {
        this.terminal = terminal;
    }

    final Terminal terminal() {
        return terminal;
    }

    final boolean isJson() {
        return common.isJson;
    }

    /** An argument that picocli has set, because it has to be there. */
    static <T> T given(@Nullable T argument) {
        if (argument == null) {
            throw new IllegalStateException("An argument was not set.");
        }
        return argument;
    }

    /** Prints one line that was asked for: for programs or for people. */
    final void answer(JsonLine json, String text) {
        terminal.line(isJson() ? json.end() : text);
    }
}
