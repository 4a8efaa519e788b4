// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of keys.
 *
 * @param from inclusive
 * @param to exclusive; {@code null} for the end of the keyspace
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Span(byte[] from, byte @Nullable [] to) {

    static Span of(byte[] key) {
        return new Span(key, after(key));
    }

    /** The least key above {@code key}. */
    static byte[] after(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    /** Whether {@code other}, which begins no earlier, begins inside or right behind this. */
    boolean reaches(Span other) {
        return to == null || Arrays.compareUnsigned(other.from, to) <= 0;
    }

    /** From the start of this to the end of whichever ends later. */
    Span through(Span other) {
        if (to == null || other.to == null) {
            return new Span(from, null);
        }
        return new Span(from, Arrays.compareUnsigned(to, other.to) >= 0 ? to : other.to);
    }
}
