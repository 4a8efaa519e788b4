// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import org.jspecify.annotations.Nullable;

/** Ends the command with a message for the person before the screen, and with an exit code. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What the command was asked for cannot be understood. */
    static final int USAGE = 2;
    /** It was understood and went wrong. */
    static final int FAILED = 1;

    private final int exitCode;

    CommandFailure(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
