// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Codec;
import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import java.util.Comparator;

/** Tables that the program never named, by their bytes, under the codec ids that they are stored with. */
final class UnnamedTables {

    private UnnamedTables() {}

    /** A table whose keys and values are the bytes that codecs of those ids make. */
    static Table<byte[], byte[]> of(String name, Definition definition) {
        return Table.of(
                name,
                new BytesOf(Definition.checkedId(definition.keys())),
                new BytesOf(Definition.checkedId(definition.values())));
    }

    /** Passes bytes through. */
    private record BytesOf(String id) implements KeyCodec<byte[]>, Codec<byte[]> {
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
}
