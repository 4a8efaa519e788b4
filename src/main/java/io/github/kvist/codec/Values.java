// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import com.fasterxml.jackson.core.type.TypeReference;
import io.github.kvist.api.Codec;
import io.github.kvist.api.Slice;
import java.util.function.Function;

/**
 * Codecs for values.
 *
 * <p>The id of each names the format of the bytes, not the Java type they become: two codecs with one id read each other's
 * values. All codecs are safe for any number of threads.
 */
public final class Values {

    private Values() {}

    /**
     * Objects as JSON, UTF-8: records, beans, collections, {@code java.time}, {@code Optional}.
     *
     * <p>The stored id is {@code json} whatever the class, so that a class can be renamed or moved. Records can grow: unknown
     * properties are ignored and a missing one takes its default (null, 0, false, an empty {@code Optional}). JSON never names
     * the class to instantiate. At most {@value JsonValues#DEPTH_MAX} levels deep and {@value JsonValues#BYTES_MAX} bytes long.
     * The top of a value is never {@code null}.
     *
     * @throws IllegalArgumentException when what is stored is not JSON that fits, or an object cannot be written; the
     *     message holds no value
     */
    public static <V> Codec<V> json(Class<V> type) {
        return JsonValues.of(type);
    }

    /** As {@link #json(Class)}, for generic types such as {@code List<Order>}. */
    public static <V> Codec<V> json(TypeReference<V> type) {
        return JsonValues.of(type);
    }

    /** Text as UTF-8. Half a surrogate pair is refused with {@link IllegalArgumentException}: it has no encoding. */
    public static Codec<String> string() {
        return Keys.string();
    }

    /** Bytes as they are. Encoding hands out the array itself; decoding copies. */
    public static Codec<byte[]> bytes() {
        return Keys.bytes();
    }

    /** Numbers in 8 bytes. */
    public static Codec<Long> int64() {
        return Keys.int64();
    }

    /** Bytes that are read where they lie, without a copy; the same format as {@link #bytes()}. */
    public static Codec<Slice> slices() {
        return SliceValues.INSTANCE;
    }

    /** A codec of your own. The decoder gets a copy of the bytes. */
    public static <V> Codec<V> of(
            String id, Function<? super V, byte[]> encoder, Function<byte[], ? extends V> decoder) {
        return new FunctionValues<>(id, encoder, decoder);
    }
}
