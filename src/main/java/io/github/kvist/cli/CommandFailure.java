// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import org.jspecify.annotations.Nullable;

/** Ends the command with a message for the person before the screen, and with an exit code. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** It was understood and went wrong, or what was asked for is not there. */
    static final int FAILED = 1;
    /** What the command was asked for cannot be understood. */
    static final int USAGE = 2;
    /** The store was verified, and is not as it should be. */
    static final int FINDINGS = 2;
    /** Another process has the store. */
    static final int IN_USE = 3;

    private final int exitCode;

    CommandFailure(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    static CommandFailure usage(String message, @Nullable Throwable cause) {
        return new CommandFailure(USAGE, message, cause);
    }

    static CommandFailure failed(String message) {
        return new CommandFailure(FAILED, message, null);
    }

    int exitCode() {
        return exitCode;
    }
}
