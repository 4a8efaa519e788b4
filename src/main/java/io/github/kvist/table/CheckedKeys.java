// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.KvException;
import java.util.Comparator;
import java.util.Objects;

/** A key codec whose failures say where they happened. What it refuses by its nature, such as prefixes, it refuses as before. */
final class CheckedKeys<K> implements KeyCodec<K> {

    private final KeyCodec<K> codec;
    private final String where;

    CheckedKeys(KeyCodec<K> codec, String where) {
        this.codec = codec;
        this.where = where;
    }

    static KvException.CodecFailure failure(String where, String what, Exception cause) {
        return new KvException.CodecFailure(
                where + ": " + what + " (" + cause.getClass().getSimpleName()
                        + "). Nothing was done; the cause says why.",
                cause);
    }

    @Override
    public String id() {
        return codec.id();
    }

    @Override
    public byte[] encode(K key) {
        Objects.requireNonNull(key, "key");
        try {
            return Objects.requireNonNull(codec.encode(key), "encoding");
        } catch (Exception failed) {
            throw failure(where, "the key codec " + codec.id() + " could not encode a key", failed);
        }
    }

    @Override
    public K decode(byte[] source, int offset, int length) {
        try {
            return Objects.requireNonNull(codec.decode(source, offset, length), "decoded key");
        } catch (Exception failed) {
            throw failure(where, "the key codec " + codec.id() + " could not decode a key", failed);
        }
    }

    @Override
    public Comparator<K> order() {
        return codec.order();
    }

    @Override
    public int fixedBytes() {
        return codec.fixedBytes();
    }

    @Override
    public byte[] encodePrefix(K prefix) {
        try {
            return codec.encodePrefix(prefix);
        } catch (IllegalArgumentException refused) {
            throw refused;
        } catch (Exception failed) {
            throw failure(where, "the key codec " + codec.id() + " could not encode a prefix", failed);
        }
    }
}
