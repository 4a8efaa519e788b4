// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a keyspace from {@code from}, inclusive, to {@code to}, exclusive; {@code null} for the end. The arrays are not
 * copied and must not change.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Range(Keyspace keyspace, byte[] from, byte @Nullable [] to) implements ChangeFeed.Scope {

    /** One key alone. */
    public static Range of(Keyspace keyspace, byte[] key) {
        return new Range(keyspace, key, after(key));
    }

    /** The least key above {@code key}. */
    public static byte[] after(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    /** Whether {@code key} lies between the bounds; the keyspace is not looked at. */
    public boolean spans(byte[] key) {
        return Arrays.compareUnsigned(key, from) >= 0 && (to == null || Arrays.compareUnsigned(key, to) < 0);
    }
}
