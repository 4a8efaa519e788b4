// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import java.util.Comparator;

/** See {@link Keys#string()}. */
enum StringKeys implements KeyCodec<String> {
    INSTANCE;

    @Override
    public String id() {
        return "string";
    }

    @Override
    public byte[] encode(String key) {
        return Utf8.encode(key);
    }

    @Override
    public String decode(byte[] source, int offset, int length) {
        return Utf8.decode(source, offset, length);
    }

    @Override
    public Comparator<String> order() {
        return Utf8::compare;
    }

    @Override
    public byte[] encodePrefix(String prefix) {
        return Utf8.encode(prefix);
    }
}
