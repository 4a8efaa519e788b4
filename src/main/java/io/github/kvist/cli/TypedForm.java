// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.KeyRange;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A form by way of the objects that a codec of Kvist's own makes of the bytes. */
abstract class TypedForm<T> implements Form {

    private final KeyCodec<T> codec;

    TypedForm(KeyCodec<T> codec) {
        this.codec = codec;
    }

    final KeyCodec<T> codec() {
        return codec;
    }

    abstract String textOf(T value);

    /** As JSON; inside a tuple too. */
    abstract String jsonOf(T value);

    /** @throws RuntimeException of any kind, if the text is not as expected */
    abstract T valueOf(String text);

    /** What stands for a component in a tuple's array. */
    T valueOf(JsonNode node) {
        if (!node.isValueNode() || node.isNull()) {
            throw new IllegalArgumentException("neither text nor a number");
        }
        return valueOf(node.asText());
    }

    @Override
    public String text(byte[] bytes) {
        T value = decoded(bytes);
        return value == null ? BytesForm.hex(bytes) : textOf(value);
    }

    @Override
    public @Nullable String json(byte[] bytes) {
        T value = decoded(bytes);
        return value == null ? null : jsonOf(value);
    }

    @Override
    public byte[] bytes(String text) {
        return codec.encode(valueOf(text));
    }

    @Override
    public KeyRange<byte[]> prefix(String text) {
        return KeyRange.encodedPrefix(codec.encodePrefix(valueOf(text)));
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    private @Nullable T decoded(byte[] bytes) {
        try {
            T value = codec.decode(bytes, 0, bytes.length);
            return Arrays.equals(codec.encode(value), bytes) ? value : null;
        } catch (IllegalArgumentException notOfThisCodec) {
            return null;
        }
    }
}
