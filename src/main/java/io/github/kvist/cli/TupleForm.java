// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.KeyRange;
import java.util.List;

/** Keys of several components, written as an array of JSON. */
abstract class TupleForm<T> extends TypedForm<T> {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final List<TypedForm<?>> components;

    TupleForm(KeyCodec<T> codec, TypedForm<?>... components) {
        super(codec);
        this.components = List.of(components);
    }

    /** The key of an array that has as many elements as there are components. */
    abstract T whole(JsonNode array);

    /** The range of the keys that begin with the elements of an array that has fewer. */
    abstract KeyRange<T> startingWith(JsonNode array);

    @Override
    final String textOf(T value) {
        return jsonOf(value);
    }

    @Override
    final T valueOf(String text) {
        return valueOf(array(text));
    }

    @Override
    final T valueOf(JsonNode node) {
        if (!node.isArray() || node.size() != components.size()) {
            throw new IllegalArgumentException("not an array of " + components.size());
        }
        return whole(node);
    }

    @Override
    public final KeyRange<byte[]> prefix(String text) {
        JsonNode array = array(text);
        if (array.isArray() && !array.isEmpty() && array.size() < components.size()) {
            return KeyRange.encodedPrefix(startingWith(array).from(codec()));
        }
        return KeyRange.encodedPrefix(codec().encodePrefix(valueOf(array)));
    }

    private static JsonNode array(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException noJson) {
            throw new IllegalArgumentException("no JSON", noJson);
        }
    }

    @Override
    public final String expected() {
        return "an array of JSON with " + components.size() + " elements: "
                + String.join(", then ", components.stream().map(Form::expected).toList());
    }

    @Override
    public final boolean isWritable() {
        return components.stream().allMatch(Form::isWritable);
    }
}
