// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.Codec;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;

/** See {@link Values#of}. */
final class FunctionValues<V> implements Codec<V> {

    private final String id;
    private final Function<? super V, byte[]> encoder;
    private final Function<byte[], ? extends V> decoder;

    FunctionValues(String id, Function<? super V, byte[]> encoder, Function<byte[], ? extends V> decoder) {
        this.id = Objects.requireNonNull(id, "id");
        this.encoder = Objects.requireNonNull(encoder, "encoder");
        this.decoder = Objects.requireNonNull(decoder, "decoder");
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public byte[] encode(V value) {
        return encoder.apply(value);
    }

    @Override
    public V decode(byte[] source, int offset, int length) {
        return decoder.apply(Arrays.copyOfRange(source, offset, offset + length));
    }
}
