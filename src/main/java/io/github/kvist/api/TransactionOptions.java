// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a transaction runs; immutable, each method returns a changed copy.
 *
 * @param isolation serializable unless said otherwise
 * @param durability what commit waits for; {@code null} takes the store's
 * @param timeout after so long a conflict is thrown instead of another run of the closure
 * @param retries how many more times the closure may run after a conflict
 */
public record TransactionOptions(
        Isolation isolation, @Nullable Durability durability, Duration timeout, int retries) {

    private static final TransactionOptions DEFAULTS =
            new TransactionOptions(Isolation.SERIALIZABLE, null, Duration.ofSeconds(30), Integer.MAX_VALUE);

    public TransactionOptions {
        Objects.requireNonNull(isolation, "isolation");
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("A transaction's timeout is positive, not " + timeout + ".");
        }
        if (retries < 0) {
            throw new IllegalArgumentException("A transaction has 0 or more retries, not " + retries + ".");
        }
    }

    /** Serializable, the store's durability, 30 seconds, as many retries as fit into them. */
    public static TransactionOptions defaults() {
        return DEFAULTS;
    }

    public TransactionOptions isolation(Isolation isolation) {
        return new TransactionOptions(isolation, durability, timeout, retries);
    }

    public TransactionOptions durability(Durability durability) {
        return new TransactionOptions(isolation, Objects.requireNonNull(durability, "durability"), timeout, retries);
    }

    public TransactionOptions timeout(Duration timeout) {
        return new TransactionOptions(isolation, durability, timeout, retries);
    }

    public TransactionOptions retries(int retries) {
        return new TransactionOptions(isolation, durability, timeout, retries);
    }
}
