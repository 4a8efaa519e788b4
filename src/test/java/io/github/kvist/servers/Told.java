// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import io.github.kvist.api.KvException;
import io.github.kvist.api.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of a write was told of it.
 *
 * @param failure {@code null} if it was acknowledged
 */
record Told(@Nullable Throwable failure) {

    static Told of(Runnable write) {
        try {
            write.run();
            return new Told(null);
        } catch (Throwable failure) {
            return new Told(failure);
        }
    }

    /** This, if its failure is one that a caller can tell from others. */
    Told typed() {
        if (failure != null && !(failure instanceof KvException)) {
            throw new AssertionError("An error that is not of the store's own family", failure);
        }
        return this;
    }

    boolean isAcknowledged() {
        return failure == null;
    }

    boolean isUnknown() {
        return failure instanceof KvException.OutcomeUnknown;
    }

    /** What the acknowledgement or the error says by itself. */
    Outcome outcome() {
        if (isUnknown()) {
            return Outcome.UNKNOWN;
        }
        return isAcknowledged() ? Outcome.COMMITTED : Outcome.ROLLED_BACK;
    }

    String transactionId() {
        if (failure instanceof KvException.OutcomeUnknown unknown) {
            return unknown.transactionId()
                    .orElseThrow(() -> new AssertionError("An unknown outcome that nobody can ask for", unknown));
        }
        throw new IllegalStateException("The outcome is known: " + this);
    }
}
