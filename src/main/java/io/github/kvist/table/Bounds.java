// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.KeyRange;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A stretch of encoded keys: from the first, inclusive, to the last, exclusive; {@code null} for the end. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Bounds(byte[] from, byte @Nullable [] to) {

    static final Bounds ALL = new Bounds(new byte[0], null);
    static final Bounds NONE = new Bounds(new byte[0], new byte[0]);

    /**
     * The keys in {@code range}.
     *
     * @throws IllegalArgumentException if the range is upside down
     */
    static <K> Bounds of(KeyRange<K> range, KeyCodec<K> codec) {
        return between(range.from(codec), range.to(codec));
    }

    /** None if the end is not above the start. */
    static Bounds between(byte[] from, byte @Nullable [] to) {
        return to != null && Arrays.compareUnsigned(from, to) >= 0 ? NONE : new Bounds(from, to);
    }

    static Bounds startingWith(byte[] prefix) {
        return new Bounds(prefix, KeyRange.afterPrefix(prefix));
    }

    boolean isAll() {
        return from.length == 0 && to == null;
    }

    boolean contains(byte[] key) {
        return Arrays.compareUnsigned(from, key) <= 0 && (to == null || Arrays.compareUnsigned(key, to) < 0);
    }

    /** What is left when a walk has come to {@code key}. */
    Bounds beyond(byte[] key, boolean reverse) {
        return reverse ? between(from, key) : between(Arrays.copyOf(key, key.length + 1), to);
    }
}
