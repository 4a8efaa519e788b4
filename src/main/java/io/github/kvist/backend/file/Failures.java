// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.api.KvException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.jspecify.annotations.Nullable;

/** The words for what goes wrong with files. */
final class Failures {
    private static final int LONGEST_REASON = 300;

    private Failures() {}

    static KvException unavailable(String what, IOException cause) {
        String remedy = cause instanceof AccessDeniedException
                ? "Give this user the right to it, or open the store read-only."
                : "Look at the disk's space, rights and health, then try again.";
        return new KvException.Unavailable("%s: %s. %s".formatted(what, reason(cause), remedy), cause);
    }

    static KvException outcomeUnknown(String what, Throwable cause) {
        return new KvException.OutcomeUnknown(
                "%s: %s. Whether the commit is kept shows when the store is opened again; until then nothing can be written."
                        .formatted(what, reason(cause)),
                cause);
    }

    static KvException poisoned(String store, @Nullable Throwable cause) {
        return new KvException.Unavailable(
                store
                        + ": an earlier write failed, so that nothing more is written. Close the store and open it again.",
                cause);
    }

    static KvException corrupt(String where, String what) {
        return new KvException.Corrupt(
                "%s: %s. Nothing was changed; restore a backup, or save what is left with Kvist.salvage."
                        .formatted(where, what));
    }

    /** What is wrong with a segment that is shorter than it ever was. */
    static String cut(long length, long leastLength) {
        return "it holds %d bytes and never was shorter than %d: it was cut".formatted(length, leastLength);
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        String text = message == null ? cause.getClass().getSimpleName() : message;
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
    }
}
