// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.KvException;
import java.io.UncheckedIOException;

/**
 * What is said of a failure, and to whom it may matter: one line without a stack trace.
 *
 * @param message what happened, where, and what to do
 */
record Complaint(int exitCode, String message) {

    static Complaint of(Exception failure) {
        String said = Printable.of(String.valueOf(failure.getMessage()));
        if (failure instanceof CommandFailure expected) {
            return new Complaint(expected.exitCode(), said);
        }
        if (failure instanceof KvException.Locked) {
            return new Complaint(CommandFailure.IN_USE, said);
        }
        if (failure instanceof IllegalArgumentException) {
            return new Complaint(CommandFailure.USAGE, said);
        }
        if (failure instanceof KvException
                || failure instanceof UncheckedIOException
                || failure instanceof IllegalStateException) {
            return new Complaint(CommandFailure.FAILED, said);
        }
        return new Complaint(
                CommandFailure.FAILED,
                "this should not happen (" + failure.getClass().getSimpleName() + ": " + said
                        + "). Please report it, with what --debug shows.");
    }
}
