// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.github.kvist.api.KeyCodec;
import io.github.kvist.codec.Keys;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Text, numbers, truth values, identifiers, instants, and the positions of constants, whose names only the program knows. */
final class ScalarForm<T> extends TypedForm<T> {

    private final String expected;
    private final Function<String, T> reading;
    private final boolean isQuoted;

    private ScalarForm(KeyCodec<T> codec, String expected, Function<String, T> reading, boolean isQuoted) {
        super(codec);
        this.expected = expected;
        this.reading = reading;
        this.isQuoted = isQuoted;
    }

    static @Nullable ScalarForm<?> of(String codec) {
        return switch (codec) {
            case "string" -> new ScalarForm<>(Keys.string(), "text", text -> text, true);
            case "int32" -> new ScalarForm<>(Keys.int32(), "a whole number of 32 bits", Integer::valueOf, false);
            case "int64" -> new ScalarForm<>(Keys.int64(), "a whole number of 64 bits", Long::valueOf, false);
            case "uuid" ->
                new ScalarForm<>(
                        Keys.uuid(), "a UUID such as 123e4567-e89b-12d3-a456-426614174000", ScalarForm::uuid, true);
            case "instant" ->
                new ScalarForm<>(Keys.instant(), "an instant such as 2026-01-31T12:00:00Z", Instant::parse, true);
            case "bool" -> new ScalarForm<>(Keys.bool(), "true or false", ScalarForm::truth, false);
            case "enum" ->
                new ScalarForm<>(
                        new EnumPositions(), "the position of the constant, from 0 on", EnumPositions::parse, false);
            default -> null;
        };
    }

    /** The JDK takes shorter ones too, and fills them up. */
    private static UUID uuid(String text) {
        UUID parsed = UUID.fromString(text);
        if (!parsed.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("not a whole UUID");
        }
        return parsed;
    }

    private static Boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    @Override
    String textOf(T value) {
        return value.toString();
    }

    @Override
    String jsonOf(T value) {
        return isQuoted ? quoted(value.toString()) : value.toString();
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        JsonStringEncoder.getInstance().quoteAsString(text, quoted);
        return quoted.append('"').toString();
    }

    @Override
    T valueOf(String text) {
        return reading.apply(text);
    }

    @Override
    public String expected() {
        return expected;
    }

    /** Which positions have a constant is known to the program alone. */
    @Override
    public boolean isWritable() {
        return !(codec() instanceof EnumPositions);
    }
}
