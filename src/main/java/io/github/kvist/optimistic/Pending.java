// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.optimistic;

import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction leaves under a key.
 *
 * @param entry what is there then; {@code null} if nothing is
 * @param isTouch whether only the deadline is new
 */
record Pending(@Nullable Stored entry, boolean isTouch) {

    static final Pending DELETED = new Pending(null, false);

    static Pending put(byte[] value, long version, long deadline) {
        return new Pending(new Stored(value, 0, value.length, version, deadline), false);
    }

    /** The same entry with another deadline; {@code before} is what the transaction itself had left there. */
    static Pending touched(Stored entry, long deadline, @Nullable Pending before) {
        Stored touched = new Stored(entry.array(), entry.offset(), entry.length(), entry.version(), deadline);
        return new Pending(touched, before == null || before.isTouch);
    }

    /** As a transaction sees it that began at {@code instant}. */
    @Nullable
    Stored at(long instant) {
        return entry == null || entry.deadline() <= instant ? null : entry;
    }

    boolean mayBeDue() {
        return entry != null && entry.deadline() != Stored.NEVER;
    }

    Operation operation(Keyspace keyspace, byte[] key) {
        if (entry == null) {
            return new Operation.Delete(keyspace, key);
        }
        if (isTouch) {
            return new Operation.Touch(keyspace, key, entry.deadline());
        }
        byte[] value = entry.offset() == 0 && entry.length() == entry.array().length
                ? entry.array()
                : Arrays.copyOfRange(entry.array(), entry.offset(), entry.offset() + entry.length());
        return new Operation.Put(keyspace, key, value, entry.deadline(), entry.version());
    }

    /** How much it adds to a transaction. */
    long bytes(byte[] key) {
        return key.length
                + (entry == null || isTouch ? 0L : Objects.requireNonNull(entry).length());
    }
}
