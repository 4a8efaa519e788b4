// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Capabilities.Support;
import io.github.kvist.api.Capability;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Operation;
import java.util.List;
import java.util.Map;

/** What a store in Redis can do, and the largest things it takes: far below the server's own 512 MB, for each commit occupies it whole. */
final class RedisLimits {

    private static final int KEY_BYTES_MAX = 16_384;
    private static final int VALUE_BYTES_MAX = 32 << 20;
    private static final long TRANSACTION_BYTES_MAX = 128L << 20;

    static final Capabilities CAPABILITIES = new Capabilities(
            Map.of(
                    Capability.ORDERED_SCAN, Support.NATIVE,
                    Capability.MULTI_KEY_TRANSACTIONS, Support.NATIVE,
                    Capability.SERIALIZABLE, Support.NATIVE,
                    Capability.COMPARE_AND_SET, Support.NATIVE,
                    Capability.EXPIRY, Support.EMULATED,
                    Capability.WATCH, Support.NATIVE,
                    Capability.WATCH_RESUME, Support.NATIVE,
                    Capability.SAVEPOINTS, Support.EMULATED),
            new Capabilities.Limits(KEY_BYTES_MAX, VALUE_BYTES_MAX, TRANSACTION_BYTES_MAX));

    private RedisLimits() {}

    static void check(String where, List<? extends Operation> operations) {
        long bytes = 0;
        for (Operation operation : operations) {
            requireWithin(where, "A key", operation.key().length, KEY_BYTES_MAX);
            bytes += operation.key().length;
            if (operation instanceof Operation.Put put) {
                requireWithin(where, "A value", put.value().length, VALUE_BYTES_MAX);
                bytes += put.value().length;
            }
        }
        requireWithin(where, "A transaction", bytes, TRANSACTION_BYTES_MAX);
    }

    private static void requireWithin(String where, String what, long bytes, long limit) {
        if (bytes > limit) {
            throw new KvException.LimitExceeded(where + ": " + what + " of " + bytes + " bytes is over the limit of "
                    + limit + " bytes; nothing was written. Make it smaller, or split it.");
        }
    }
}
