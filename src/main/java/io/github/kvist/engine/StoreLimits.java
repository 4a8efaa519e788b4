// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Operation;
import io.github.kvist.tree.RadixTree;
import java.util.List;

/** The largest things the engine takes, checked before anything is changed. */
final class StoreLimits {

    private static final int VALUE_BYTES_MAX = 256 << 20;
    private static final long TRANSACTION_BYTES_MAX = 1L << 30;

    static final Capabilities.Limits LIMITS =
            new Capabilities.Limits(RadixTree.KEY_BYTES_MAX, VALUE_BYTES_MAX, TRANSACTION_BYTES_MAX);

    private StoreLimits() {}

    static void check(List<? extends Operation> operations) {
        long bytes = 0;
        for (Operation operation : operations) {
            checkKey(operation.key().length);
            bytes += operation.key().length;
            if (operation instanceof Operation.Put put) {
                checkValue(put.value().length);
                bytes += put.value().length;
            }
        }
        checkTransaction(0, bytes);
    }

    static void checkKey(int length) {
        if (length > RadixTree.KEY_BYTES_MAX) {
            throw exceeded("A key", length, RadixTree.KEY_BYTES_MAX, "Use a shorter key, or a hash of it.");
        }
    }

    static void checkValue(int length) {
        if (length > VALUE_BYTES_MAX) {
            throw exceeded("A value", length, VALUE_BYTES_MAX, "Split it into several entries.");
        }
    }

    static void checkTransaction(long written, long more) {
        if (written + more > TRANSACTION_BYTES_MAX) {
            throw exceeded("A transaction", written + more, TRANSACTION_BYTES_MAX, "Write it in several transactions.");
        }
    }

    private static KvException.LimitExceeded exceeded(String what, long length, long limit, String remedy) {
        return new KvException.LimitExceeded(what + " of " + length + " bytes is over the limit of " + limit
                + " bytes; nothing was written. " + remedy);
    }
}
