// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import java.time.Instant;
import java.util.UUID;

/**
 * Codecs for keys: the bytes of a key sort as the keys do.
 *
 * <p>The id of each names its format and its order, both of which never change. Keys of the wrong length or with impossible
 * content are refused with {@link IllegalArgumentException} when they are decoded. All codecs are safe for any number of threads.
 */
public final class Keys {

    private Keys() {}

    /**
     * Text in the order of its code points, as UTF-8. Has prefixes.
     *
     * <p>Half a surrogate pair is refused with {@link IllegalArgumentException}: it has no encoding.
     */
    public static KeyCodec<String> string() {
        return StringKeys.INSTANCE;
    }

    /** Bytes in unsigned order, a prefix before what it begins. Encoding hands out the array itself; decoding copies. */
    public static KeyCodec<byte[]> bytes() {
        return ByteArrayKeys.INSTANCE;
    }

    /** Numbers in numeric order, in 4 bytes. */
    public static KeyCodec<Integer> int32() {
        return FixedKeys.INT32;
    }

    /** Numbers in numeric order, in 8 bytes. */
    public static KeyCodec<Long> int64() {
        return FixedKeys.INT64;
    }

    /** Identifiers in the order of their text, in 16 bytes. {@link UUID#compareTo} has another order: it takes halves as signed. */
    public static KeyCodec<UUID> uuid() {
        return FixedKeys.UUIDS;
    }

    /** Every {@link Instant}, to the nanosecond, in order of time, in 12 bytes. */
    public static KeyCodec<Instant> instant() {
        return FixedKeys.INSTANTS;
    }

    /** False, then true, in 1 byte. */
    public static KeyCodec<Boolean> bool() {
        return FixedKeys.BOOL;
    }

    /**
     * Constants in the order of their declaration, in 2 bytes.
     *
     * <p>Stored is the position in that order: add new constants at the end, and never move or remove one that is stored.
     */
    public static <E extends Enum<E>> KeyCodec<E> enumOf(Class<E> type) {
        return FixedKeys.constants(type);
    }

    /** Pairs, ordered by the first component, then by the second. Has prefixes if the second has. */
    public static <A, B> PairKeys<A, B> tuple(KeyCodec<A> first, KeyCodec<B> second) {
        return new PairKeys<>(first, second);
    }

    /** Triples, ordered component by component. Has prefixes if the third has. */
    public static <A, B, C> TripleKeys<A, B, C> tuple(KeyCodec<A> first, KeyCodec<B> second, KeyCodec<C> third) {
        return new TripleKeys<>(first, second, third);
    }
}
