// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.github.kvist.api.Codec;
import java.io.IOException;
import java.lang.reflect.Type;
import java.time.Instant;

/**
 * See {@link Values#json(Class)}.
 *
 * <p>Jackson's own exceptions are not handed on, because their messages quote what was read; an exception of the user's
 * class is.
 */
final class JsonValues<V> implements Codec<V> {

    static final int DEPTH_MAX = 64;
    static final int BYTES_MAX = 256 << 20;

    private static final int NAME_MAX = 50_000;
    private static final int NUMBER_MAX = 1_000;

    private static final JsonMapper MAPPER = mapper();

    private final String type;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    private JsonValues(String type, ObjectReader reader, ObjectWriter writer) {
        this.type = type;
        this.reader = reader;
        this.writer = writer;
    }

    static <V> JsonValues<V> of(Class<V> type) {
        return of((Type) type);
    }

    static <V> JsonValues<V> of(TypeReference<V> type) {
        return of(type.getType());
    }

    private static <V> JsonValues<V> of(Type type) {
        JavaType resolved = MAPPER.constructType(type);
        return new JsonValues<>(
                resolved.getRawClass().getSimpleName(), MAPPER.readerFor(resolved), MAPPER.writerFor(resolved));
    }

    private static JsonMapper mapper() {
        JsonFactory factory = JsonFactory.builder()
                // What is stored is UTF-8, whatever its first bytes may look like.
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEPTH_MAX)
                        .maxDocumentLength(BYTES_MAX)
                        .maxStringLength(BYTES_MAX)
                        .maxNameLength(NAME_MAX)
                        .maxNumberLength(NUMBER_MAX)
                        .build())
                .streamWriteConstraints(StreamWriteConstraints.builder()
                        .maxNestingDepth(DEPTH_MAX)
                        .build())
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
        return JsonMapper.builder(factory)
                .addModule(new JavaTimeModule())
                .addModule(new Jdk8Module())
                .addModule(new SimpleModule("instants").addDeserializer(Instant.class, new JsonInstants()))
                .enable(MapperFeature.BLOCK_UNSAFE_POLYMORPHIC_BASE_TYPES)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                // What was written comes back equal: offsets and zones as they were, dates as readable text.
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .build();
    }

    @Override
    public String id() {
        return "json";
    }

    @Override
    public byte[] encode(V value) {
        byte[] json;
        try {
            json = writer.writeValueAsBytes(value);
        } catch (JacksonException unwritable) {
            throw failure("A " + type + " cannot be written as JSON", unwritable);
        }
        requireLength(json.length);
        return json;
    }

    @Override
    public V decode(byte[] source, int offset, int length) {
        requireLength(length);
        V value;
        try {
            value = reader.readValue(source, offset, length);
        } catch (JacksonException unreadable) {
            throw failure("JSON of " + length + " bytes cannot be read as " + type + place(unreadable), unreadable);
        } catch (IOException impossible) {
            throw new IllegalStateException("Reading from an array failed.", impossible);
        }
        if (value == null) {
            throw new IllegalArgumentException("JSON null cannot be read as " + type + ": a value is never null.");
        }
        return value;
    }

    private void requireLength(int length) {
        if (length > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "A " + type + " as JSON has " + length + " bytes and may have " + BYTES_MAX + ". Split it.");
        }
    }

    private static String place(JacksonException unreadable) {
        JsonLocation where = unreadable.getLocation();
        return where == null || where.getByteOffset() < 0 ? "" : " (near byte " + where.getByteOffset() + ")";
    }

    private static IllegalArgumentException failure(String what, JacksonException thrown) {
        JacksonException reason = thrown;
        while (reason.getCause() instanceof JacksonException inner) {
            reason = inner;
        }
        String remedy = reason instanceof InvalidDefinitionException
                ? "Jackson cannot use the class: it needs a record, or a constructor and properties it can see; in a module,"
                        + " the package has to be opened: opens … to com.fasterxml.jackson.databind."
                : "Check the class against what is stored.";
        return new IllegalArgumentException(
                what + ": " + reason.getClass().getSimpleName() + ". " + remedy, reason.getCause());
    }
}
