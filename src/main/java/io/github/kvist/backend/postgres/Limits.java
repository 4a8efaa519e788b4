// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Operation;
import java.util.List;

/** The largest things that are sent to the server, checked before anything is. */
final class Limits {

    /** A third of a page less what an entry of a B-tree takes besides. */
    private static final int KEY_BYTES_MAX = 2_600;

    private static final int VALUE_BYTES_MAX = 64 << 20;
    private static final long TRANSACTION_BYTES_MAX = 256L << 20;

    static final Capabilities.Limits ALL =
            new Capabilities.Limits(KEY_BYTES_MAX, VALUE_BYTES_MAX, TRANSACTION_BYTES_MAX);

    private Limits() {}

    /** The bytes of all keys and values. */
    static long check(List<? extends Operation> operations) {
        long bytes = 0;
        for (Operation operation : operations) {
            int key = operation.key().length;
            int value = operation instanceof Operation.Put put ? put.value().length : 0;
            if (key > KEY_BYTES_MAX) {
                throw exceeded("A key", key, KEY_BYTES_MAX, "Use a shorter key, or a hash of it.");
            }
            if (value > VALUE_BYTES_MAX) {
                throw exceeded("A value", value, VALUE_BYTES_MAX, "Split it into several entries.");
            }
            bytes += key + value;
        }
        if (bytes > TRANSACTION_BYTES_MAX) {
            throw exceeded("A transaction", bytes, TRANSACTION_BYTES_MAX, "Write it in several transactions.");
        }
        return bytes;
    }

    private static KvException.LimitExceeded exceeded(String what, long bytes, long limit, String remedy) {
        return new KvException.LimitExceeded(what + " of " + bytes + " bytes is over the limit of " + limit
                + " bytes that PostgreSQL sets; nothing was written. " + remedy);
    }
}
