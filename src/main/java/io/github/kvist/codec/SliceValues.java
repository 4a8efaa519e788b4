// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.Codec;
import io.github.kvist.api.Slice;

/** See {@link Values#slices()}. */
enum SliceValues implements Codec<Slice> {
    INSTANCE;

    @Override
    public String id() {
        return Values.bytes().id();
    }

    @Override
    public byte[] encode(Slice value) {
        return value.toBytes();
    }

    @Override
    public Slice decode(byte[] source, int offset, int length) {
        return new ArraySlice(source, offset, length);
    }
}
