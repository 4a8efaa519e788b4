// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.Entry;
import io.github.kvist.api.Table;
import io.github.kvist.table.StoredTable;
import java.util.function.Function;

/**
 * A table whose definition is only known from the store: its records as bytes, and the forms that make them readable.
 *
 * @param table without indexes, even if the stored one has some: good for reading, whereas a write would drop them
 */
record RawTable(StoredTable stored, Table<byte[], byte[]> table, Form keys, Form values) {

    static RawTable of(StoredTable stored) {
        return new RawTable(
                stored,
                Table.of(stored.name(), new RawCodec(stored.keys()), new RawCodec(stored.values())),
                Form.of(stored.keys()),
                Form.of(stored.values()));
    }

    String name() {
        return stored.name();
    }

    byte[] key(String text) {
        return parsed(quoted("KEY", text), text, "keys", stored.keys(), keys, keys::bytes);
    }

    byte[] value(String text) {
        // A value is not shown: it may be a secret.
        return parsed("VALUE", text, "values", stored.values(), values, values::bytes);
    }

    /** What {@code parse} makes of an argument about keys; named {@code what} if it is refused. */
    <T> T keyArgument(String what, String text, Function<String, T> parse) {
        return parsed(quoted(what, text), text, "keys", stored.keys(), keys, parse);
    }

    private static String quoted(String what, String text) {
        return what + " \"" + Printable.of(text, Screen.COLUMNS) + "\"";
    }

    private <T> T parsed(
            String argument, String text, String part, String codec, Form form, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (RuntimeException malformed) {
            throw CommandFailure.usage(
                    argument + " does not fit: the " + part + " of table "
                            + Printable.of(name()) + " have the codec " + codec + ", written as " + form.expected()
                            + ".",
                    malformed);
        }
    }

    /** An entry as every command shows it to programs. */
    JsonLine json(Entry<byte[], byte[]> entry, boolean withValue) {
        JsonLine line = new JsonLine().field("table", name()).field("key", keys, entry.key());
        if (withValue) {
            line.field("value", values, entry.value());
        }
        return line.field("version", entry.version().toString()).optional("expiresAt", entry.expiresAt());
    }
}
