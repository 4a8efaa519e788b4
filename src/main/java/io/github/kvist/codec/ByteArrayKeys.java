// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import java.util.Arrays;
import java.util.Comparator;

/** See {@link Keys#bytes()}. */
enum ByteArrayKeys implements KeyCodec<byte[]> {
    INSTANCE;

    @Override
    public String id() {
        return "bytes";
    }

    @Override
    public byte[] encode(byte[] key) {
        return key;
    }

    @Override
    public byte[] decode(byte[] source, int offset, int length) {
        return Arrays.copyOfRange(source, offset, offset + length);
    }

    @Override
    public Comparator<byte[]> order() {
        return Arrays::compareUnsigned;
    }

    @Override
    public byte[] encodePrefix(byte[] prefix) {
        return prefix;
    }
}
