// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kvist.api.Codec;
import io.github.kvist.api.KeyRange;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import org.jspecify.annotations.Nullable;

/** Values of JSON, which stand as they were written: what is shown is what is stored, to the last digit. */
final class JsonForm implements Form {

    private static final Codec<JsonNode> JSON = Values.json(JsonNode.class);

    @Override
    public String text(byte[] bytes) {
        return isJson(bytes) ? Keys.string().decode(bytes, 0, bytes.length) : BytesForm.hex(bytes);
    }

    @Override
    public @Nullable String json(byte[] bytes) {
        return isJson(bytes) ? Keys.string().decode(bytes, 0, bytes.length) : null;
    }

    private static boolean isJson(byte[] bytes) {
        try {
            Keys.string().decode(bytes, 0, bytes.length);
            return !JSON.decode(bytes, 0, bytes.length).isMissingNode();
        } catch (IllegalArgumentException noJson) {
            return false;
        }
    }

    @Override
    public byte[] bytes(String text) {
        byte[] bytes = Keys.string().encode(text.strip());
        JsonNode read = JSON.decode(bytes, 0, bytes.length);
        if (read.isNull() || read.isMissingNode()) {
            throw new IllegalArgumentException("a value is never null");
        }
        return bytes;
    }

    @Override
    public KeyRange<byte[]> prefix(String text) {
        throw new IllegalArgumentException("JSON has no order");
    }

    @Override
    public String expected() {
        return "JSON such as {\"name\":\"Ann\"}, and not null";
    }

    @Override
    public boolean isWritable() {
        return true;
    }
}
