// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.backend.Keyspace;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The keys of one store: {@code {kvist:NAME}:} and a short word, so that all of them lie in one slot of a cluster. Neither the name of a
 * store nor that of a keyspace can reach beyond its place: the first is escaped, the second is the rest of its key.
 */
final class Layout {

    /** Of all that lies in the server; another one is refused. */
    static final String VERSION = "1";

    private static final int NAME_LENGTH_MAX = 300;

    private final byte[] prefix;
    final String shown;
    final byte[] meta;
    final byte[] stream;
    final byte[] marks;
    final byte[] names;
    final byte[] deadlines;
    final byte[] fences;

    /**
     * Of the store of a name.
     *
     * @throws IllegalArgumentException if the name is empty or too long
     */
    Layout(String name) {
        if (name.isEmpty() || name.length() > NAME_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "The prefix names the store with 1 to " + NAME_LENGTH_MAX + " characters.");
        }
        shown = escaped(name);
        prefix = ascii("{kvist:" + shown + "}:");
        meta = key("meta");
        stream = key("changes");
        marks = key("marks");
        names = key("keyspaces");
        deadlines = key("deadlines");
        fences = key("fences");
    }

    private static String escaped(String name) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : KeyspaceName.bytes(name)) {
            boolean isPlain = b > ' ' && b < 0x7f && b != '{' && b != '}' && b != '%';
            escaped.append(isPlain ? String.valueOf((char) b) : "%%%02X".formatted(b));
        }
        return escaped.toString();
    }

    RedisKeyspace keyspace(String name) {
        byte[] bytes = KeyspaceName.bytes(name);
        return new RedisKeyspace(this, name, bytes, key("h:", bytes), key("o:", bytes));
    }

    /** The same keyspace, if it is of this store. */
    RedisKeyspace ours(Keyspace keyspace) {
        if (keyspace instanceof RedisKeyspace ours && ours.layout() == this) {
            return ours;
        }
        throw new IllegalArgumentException("The keyspace is of another store. Ask this one for it.");
    }

    private byte[] key(String word) {
        return key(word, new byte[0]);
    }

    private byte[] key(String word, byte[] rest) {
        byte[] key = Arrays.copyOf(prefix, prefix.length + word.length() + rest.length);
        System.arraycopy(ascii(word), 0, key, prefix.length, word.length());
        System.arraycopy(rest, 0, key, key.length - rest.length, rest.length);
        return key;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
