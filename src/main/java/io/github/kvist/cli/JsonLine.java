// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One object of JSON on one line, in ASCII so that it means the same in every encoding. Bytes that no codec explains stand in Base64, in
 * a field whose name ends in 64, as in an export.
 */
final class JsonLine {
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final int ASCII_END = 0x7F;

    private final StringWriter text = new StringWriter();
    private final JsonGenerator json;

    JsonLine() {
        try {
            json = JSON.createGenerator(text);
            json.writeStartObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private interface Writing {
        void run(JsonGenerator json) throws IOException;
    }

    private JsonLine write(Writing writing) {
        try {
            writing.run(json);
            return this;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    JsonLine field(String name, String value) {
        return write(to -> to.writeStringField(name, value));
    }

    JsonLine field(String name, long value) {
        return write(to -> to.writeNumberField(name, value));
    }

    JsonLine field(String name, boolean value) {
        return write(to -> to.writeBooleanField(name, value));
    }

    /** Nothing, if there is no value. */
    JsonLine optional(String name, @Nullable Object value) {
        return value == null ? this : field(name, value.toString());
    }

    JsonLine field(String name, Form form, byte[] bytes) {
        String readable = form.json(bytes);
        if (readable == null) {
            return field(name + "64", Base64.getEncoder().encodeToString(bytes));
        }
        return write(to -> {
            to.writeFieldName(name);
            to.writeRawValue(readable);
        });
    }

    /** An array of objects, one for each item. */
    <T> JsonLine objects(String name, List<T> items, BiConsumer<JsonLine, T> fields) {
        write(to -> to.writeArrayFieldStart(name));
        for (T item : items) {
            write(JsonGenerator::writeStartObject);
            fields.accept(this, item);
            write(JsonGenerator::writeEndObject);
        }
        return write(JsonGenerator::writeEndArray);
    }

    /** An object in a field. */
    JsonLine object(String name, Runnable fields) {
        write(to -> to.writeObjectFieldStart(name));
        fields.run();
        return write(JsonGenerator::writeEndObject);
    }

    /** The whole line. */
    String end() {
        write(to -> {
            to.writeEndObject();
            to.flush();
        });
        return ascii(text.toString());
    }

    /** Values that stand as they were stored may hold other characters, in strings only, and breaks between their parts. */
    private static String ascii(String line) {
        StringBuilder ascii = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c >= ASCII_END) {
                ascii.append("\\u%04x".formatted((int) c));
            } else {
                ascii.append(c < ' ' ? ' ' : c);
            }
        }
        return ascii.toString();
    }
}
