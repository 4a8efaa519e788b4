// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.codec.Keys;
import java.util.Comparator;

/** Hands on the bytes of another codec, which by the law of key codecs sort as its keys do. */
record RawCodec(String id) implements KeyCodec<byte[]> {
    private static final KeyCodec<byte[]> BYTES = Keys.bytes();

    @Override
    public byte[] encode(byte[] value) {
        return BYTES.encode(value);
    }

    @Override
    public byte[] decode(byte[] source, int offset, int length) {
        return BYTES.decode(source, offset, length);
    }

    @Override
    public Comparator<byte[]> order() {
        return BYTES.order();
    }
}
