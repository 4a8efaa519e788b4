// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of an export: the definition of a table, or one of its entries.
 *
 * <pre>
 * {"table":"people","keys":"string","values":"json"}
 * {"table":"people","key":"ann","value":{"city":"Oslo"},"version":"3f","expiresAt":"2030-01-01T00:00:00Z"}
 * {"table":"blobs","key":7,"value64":"AAEC","version":"40"}
 * </pre>
 */
final class JsonLine {

    static final String TABLE = "table";
    static final String KEYS = "keys";
    static final String VALUES = "values";
    static final String KEY = "key";
    static final String VALUE = "value";
    static final String VERSION = "version";
    static final String EXPIRES_AT = "expiresAt";

    private static final Set<String> NAMES = Set.of(
            TABLE,
            KEYS,
            VALUES,
            KEY,
            KEY + JsonForm.BYTES_SUFFIX,
            VALUE,
            VALUE + JsonForm.BYTES_SUFFIX,
            VERSION,
            EXPIRES_AT);

    final long number;
    private final Map<String, Field> fields = new HashMap<>();

    /**
     * A field and where its value lies in the line.
     *
     * @param text of a scalar
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Field(JsonToken token, String text, byte[] line, int start, int end) {
        byte[] raw() {
            return Arrays.copyOfRange(line, start, end);
        }

        int column() {
            return start + 1;
        }
    }

    private JsonLine(long number) {
        this.number = number;
    }

    /** @throws MalformedLineException if it is not one object with the fields of an export */
    static JsonLine parse(long number, byte[] line) {
        JsonLine parsed = new JsonLine(number);
        try (JsonParser parser = JsonForm.JSON.createParser(line)) {
            parsed.read(parser, line);
        } catch (JacksonException malformed) {
            JsonLocation where = malformed.getLocation();
            int column = where == null ? 1 : Math.max(1, where.getColumnNr());
            throw new MalformedLineException(
                    number, column, "this is not JSON (" + malformed.getClass().getSimpleName() + ")");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return parsed;
    }

    private void read(JsonParser parser, byte[] line) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new MalformedLineException(number, 1, "a line has to be one JSON object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            int nameAt = at(parser.currentTokenLocation()) + 1;
            JsonToken token = parser.nextToken();
            int start = at(parser.currentTokenLocation());
            String text = token.isScalarValue() ? parser.getText() : "";
            parser.skipChildren();
            Field field = new Field(token, text, line, start, at(parser.currentLocation()));
            if (!NAMES.contains(name)) {
                throw new MalformedLineException(
                        number, nameAt, "this field is not one of an export, which are " + sorted());
            }
            if (fields.put(name, field) != null) {
                throw new MalformedLineException(number, nameAt, "the field " + name + " is here twice");
            }
        }
        if (parser.nextToken() != null) {
            throw new MalformedLineException(
                    number, at(parser.currentTokenLocation()) + 1, "something follows the object of this line");
        }
    }

    private static String sorted() {
        return String.join(", ", NAMES.stream().sorted().toList());
    }

    private static int at(JsonLocation location) {
        return (int) location.getByteOffset();
    }

    boolean isDefinition() {
        return fields.containsKey(KEYS);
    }

    @Nullable
    Field field(String name) {
        return fields.get(name);
    }

    /** The text of a field that has to be there. */
    String text(String name) {
        Field field = fields.get(name);
        if (field == null) {
            throw new MalformedLineException(number, 1, "the field " + name + " is missing");
        }
        if (field.token() != JsonToken.VALUE_STRING) {
            throw new MalformedLineException(number, field.column(), "the field " + name + " has to be a text");
        }
        return field.text();
    }

    /** The bytes of a key or a value, in whichever of its two forms it is given. */
    byte[] bytes(String name, JsonForm form) {
        Field readable = fields.get(name);
        Field base64 = fields.get(name + JsonForm.BYTES_SUFFIX);
        Field field = base64 != null ? base64 : readable;
        if (field == null || (base64 != null && readable != null)) {
            throw new MalformedLineException(
                    number,
                    1,
                    "exactly one of the fields " + name + " and " + name + JsonForm.BYTES_SUFFIX + " has to be there");
        }
        try {
            return base64 != null ? JsonForm.bytesOfBase64(field) : form.bytes(field);
        } catch (IllegalArgumentException malformed) {
            throw new MalformedLineException(number, field.column(), name + ": " + malformed.getMessage());
        }
    }

    int columnOf(String name) {
        Field field = fields.containsKey(name) ? fields.get(name) : fields.get(name + JsonForm.BYTES_SUFFIX);
        return field == null ? 1 : field.column();
    }
}
