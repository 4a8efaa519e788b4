// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Names as bytes: UTF-8, or UTF-16 behind a byte that no UTF-8 has where a surrogate has no partner. No two names are the same. */
final class KeyspaceName {

    private static final byte UTF_16 = (byte) 0xff;

    private KeyspaceName() {}

    static byte[] bytes(String name) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException unpaired) {
            ByteBuffer raw = ByteBuffer.allocate(1 + 2 * name.length()).put(UTF_16);
            raw.asCharBuffer().put(name);
            return raw.array();
        }
    }

    static String of(byte[] array, int offset, int length) {
        return length > 0 && array[offset] == UTF_16
                ? ByteBuffer.wrap(array, offset + 1, length - 1).asCharBuffer().toString()
                : new String(array, offset, length, StandardCharsets.UTF_8);
    }
}
