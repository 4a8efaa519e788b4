// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of keys in their order. Immutable.
 *
 * <p>Ends are checked against each other when the range is used, because only the codec knows the order.
 */
public final class KeyRange<K> {

    private static final byte[] START = {};
    private static final KeyRange<?> ALL = new KeyRange<>(null, true, null, true, null, null);

    private final @Nullable K lower;
    private final boolean lowerInclusive;
    private final @Nullable K upper;
    private final boolean upperInclusive;
    private final @Nullable K prefix;
    private final byte @Nullable [] encodedPrefix;

    private KeyRange(
            @Nullable K lower,
            boolean lowerInclusive,
            @Nullable K upper,
            boolean upperInclusive,
            @Nullable K prefix,
            byte @Nullable [] encodedPrefix) {
        this.lower = lower;
        this.lowerInclusive = lowerInclusive;
        this.upper = upper;
        this.upperInclusive = upperInclusive;
        this.prefix = prefix;
        this.encodedPrefix = encodedPrefix;
    }

    @SuppressWarnings("unchecked") // it holds no key
    public static <K> KeyRange<K> all() {
        return (KeyRange<K>) ALL;
    }

    public static <K> KeyRange<K> exactly(K key) {
        return closed(key, key);
    }

    public static <K> KeyRange<K> atLeast(K key) {
        return between(required(key), true, null, true);
    }

    public static <K> KeyRange<K> greaterThan(K key) {
        return between(required(key), false, null, true);
    }

    public static <K> KeyRange<K> atMost(K key) {
        return between(null, true, required(key), true);
    }

    public static <K> KeyRange<K> lessThan(K key) {
        return between(null, true, required(key), false);
    }

    public static <K> KeyRange<K> closed(K first, K last) {
        return between(required(first), true, required(last), true);
    }

    public static <K> KeyRange<K> closedOpen(K first, K end) {
        return between(required(first), true, required(end), false);
    }

    public static <K> KeyRange<K> open(K before, K end) {
        return between(required(before), false, required(end), false);
    }

    /** Keys that start with {@code prefix}: strings, bytes, and tuples by their last component. */
    public static <K> KeyRange<K> prefix(K prefix) {
        return new KeyRange<>(null, true, null, true, required(prefix), null);
    }

    /** For key codecs: keys whose encoding starts with {@code prefix}. */
    public static <K> KeyRange<K> encodedPrefix(byte[] prefix) {
        return new KeyRange<>(null, true, null, true, null, prefix.clone());
    }

    private static <K> KeyRange<K> between(
            @Nullable K lower, boolean lowerInclusive, @Nullable K upper, boolean upperInclusive) {
        return new KeyRange<>(lower, lowerInclusive, upper, upperInclusive, null, null);
    }

    private static <K> K required(K key) {
        return Objects.requireNonNull(key, "key");
    }

    /** For backends: the least encoding inside; empty for the start. */
    public byte[] from(KeyCodec<K> codec) {
        byte[] start = prefixBytes(codec);
        if (start != null) {
            return start;
        }
        if (lower == null) {
            return START;
        }
        byte[] encoded = codec.encode(lower);
        return lowerInclusive ? encoded : successor(encoded);
    }

    /**
     * For backends: the least encoding above all inside; {@code null} for the end.
     *
     * @throws IllegalArgumentException if the range is upside down
     */
    public byte @Nullable [] to(KeyCodec<K> codec) {
        byte[] start = prefixBytes(codec);
        if (start != null) {
            return afterPrefix(start);
        }
        if (upper == null) {
            return null;
        }
        byte[] encoded = codec.encode(upper);
        if (lower != null && Arrays.compareUnsigned(codec.encode(lower), encoded) > 0) {
            throw new IllegalArgumentException(
                    "A range of keys of the codec " + codec.id() + " ends before it begins. Swap its ends.");
        }
        return upperInclusive ? successor(encoded) : encoded;
    }

    private byte @Nullable [] prefixBytes(KeyCodec<K> codec) {
        if (encodedPrefix != null) {
            return encodedPrefix.clone();
        }
        return prefix == null ? null : codec.encodePrefix(prefix);
    }

    private static byte[] successor(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    /** For backends: the least key above all that start with {@code prefix}; {@code null} if there is none. */
    public static byte @Nullable [] afterPrefix(byte[] prefix) {
        for (int last = prefix.length - 1; last >= 0; last--) {
            if (prefix[last] != (byte) 0xFF) {
                byte[] next = Arrays.copyOf(prefix, last + 1);
                next[last]++;
                return next;
            }
        }
        return null;
    }
}
