// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.github.kvist.api.KeyCodec;
import io.github.kvist.codec.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the bytes of a codec stand in JSON: as JSON, text, number or truth where the codec's id says what they are and nothing is
 * lost, else in Base64 in a field whose name ends in {@value #BYTES_SUFFIX}.
 */
abstract sealed class JsonForm {

    static final String BYTES_SUFFIX = "64";

    private static final int TEXT_MAX = 1 << 30;
    private static final int DEPTH_MAX = 1_000;

    /** For lines and for what they hold; quotes nothing in its messages. */
    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(TEXT_MAX)
                    .maxNestingDepth(DEPTH_MAX)
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Lines are UTF-8, whatever their first bytes may look like.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();

    private static final JsonForm BYTES = new Opaque();
    private static final JsonForm EMBEDDED = new Embedded();
    private static final JsonForm STRING =
            new Scalar<>(Keys.string(), JsonToken.VALUE_STRING, JsonGenerator::writeString, text -> text);
    private static final JsonForm INT32 =
            new Scalar<>(Keys.int32(), JsonToken.VALUE_NUMBER_INT, JsonGenerator::writeNumber, Integer::valueOf);
    private static final JsonForm INT64 =
            new Scalar<>(Keys.int64(), JsonToken.VALUE_NUMBER_INT, JsonGenerator::writeNumber, Long::valueOf);
    private static final JsonForm UUIDS = new Scalar<>(
            Keys.uuid(), JsonToken.VALUE_STRING, (json, uuid) -> json.writeString(uuid.toString()), UUID::fromString);
    private static final JsonForm INSTANTS = new Scalar<>(
            Keys.instant(),
            JsonToken.VALUE_STRING,
            (json, instant) -> json.writeString(instant.toString()),
            Instant::parse);

    /** The form for what a codec of this id has encoded. */
    static JsonForm of(String codec) {
        return switch (codec) {
            case "json" -> EMBEDDED;
            case "string" -> STRING;
            case "int32" -> INT32;
            case "int64" -> INT64;
            case "uuid" -> UUIDS;
            case "instant" -> INSTANTS;
            default -> BYTES;
        };
    }

    /** Writes a field of an object. */
    final void write(JsonGenerator json, String field, byte[] bytes) throws IOException {
        if (!writeReadably(json, field, bytes)) {
            json.writeStringField(field + BYTES_SUFFIX, Base64.getEncoder().encodeToString(bytes));
        }
    }

    /** Writes nothing and returns false unless {@link #bytes} would give the same bytes again. */
    abstract boolean writeReadably(JsonGenerator json, String field, byte[] bytes) throws IOException;

    /**
     * The bytes of a field without {@value #BYTES_SUFFIX}.
     *
     * @throws IllegalArgumentException if it cannot be of this codec
     */
    abstract byte[] bytes(JsonLine.Field field);

    /** The bytes of a field with {@value #BYTES_SUFFIX}. */
    static byte[] bytesOfBase64(JsonLine.Field field) {
        if (field.token() != JsonToken.VALUE_STRING) {
            throw new IllegalArgumentException("it has to be a text in Base64");
        }
        try {
            return Base64.getDecoder().decode(field.text());
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("it is not Base64", malformed);
        }
    }

    private static final class Opaque extends JsonForm {
        @Override
        boolean writeReadably(JsonGenerator json, String field, byte[] bytes) {
            return false;
        }

        @Override
        byte[] bytes(JsonLine.Field field) {
            throw new IllegalArgumentException(
                    "the codec of this table is not one that JSON can show; give its bytes in Base64, in the field with the name ending in "
                            + BYTES_SUFFIX);
        }
    }

    private static final class Embedded extends JsonForm {
        @Override
        boolean writeReadably(JsonGenerator json, String field, byte[] bytes) throws IOException {
            if (!isOneValueOnOneLine(bytes)) {
                return false;
            }
            json.writeFieldName(field);
            json.writeRawValue(new String(bytes, StandardCharsets.UTF_8));
            return true;
        }

        private static boolean isOneValueOnOneLine(byte[] bytes) {
            for (byte one : bytes) {
                if (one == '\n' || one == '\r') {
                    return false;
                }
            }
            if (bytes.length == 0
                    || bytes[0] <= ' '
                    || bytes[bytes.length - 1] == ' '
                    || bytes[bytes.length - 1] == '\t') {
                return false; // space around it would be lost
            }
            try (JsonParser parser = JSON.createParser(bytes)) {
                parser.nextToken();
                parser.skipChildren();
                parser.finishToken();
                return parser.nextToken() == null
                        && Arrays.equals(
                                new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
            } catch (IOException noJson) {
                return false;
            }
        }

        @Override
        byte[] bytes(JsonLine.Field field) {
            return field.raw();
        }
    }

    private interface Writing<T> {
        void write(JsonGenerator json, T value) throws IOException;
    }

    private static final class Scalar<T> extends JsonForm {
        private final KeyCodec<T> codec;
        private final JsonToken token;
        private final Writing<T> writing;
        private final Function<String, T> reading;

        Scalar(KeyCodec<T> codec, JsonToken token, Writing<T> writing, Function<String, T> reading) {
            this.codec = codec;
            this.token = token;
            this.writing = writing;
            this.reading = reading;
        }

        @Override
        boolean writeReadably(JsonGenerator json, String field, byte[] bytes) throws IOException {
            T value = decoded(bytes);
            if (value == null) {
                return false;
            }
            json.writeFieldName(field);
            writing.write(json, value);
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

        @Override
        byte[] bytes(JsonLine.Field field) {
            if (field.token() != token) {
                throw new IllegalArgumentException(
                        "it has to be a " + (token == JsonToken.VALUE_STRING ? "text" : "whole number")
                                + ", because the codec of this table is " + codec.id());
            }
            try {
                return codec.encode(reading.apply(field.text()));
            } catch (IllegalArgumentException | DateTimeParseException malformed) {
                throw new IllegalArgumentException("it is no " + codec.id(), malformed);
            }
        }
    }
}
