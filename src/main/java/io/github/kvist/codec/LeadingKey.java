// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.KeyRange;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A key that other bytes follow, as in a tuple or in an entry of an index, such that the whole sorts by this key first.
 *
 * <p>A key of one size stands as it is. Any other is escaped and ended by a byte 0, which is below every byte of an escaped
 * key: 0 becomes 1 1, and 1 becomes 1 2. Of two keys the one that is a prefix of the other so sorts first, whatever follows.
 */
public final class LeadingKey<K> {

    private static final byte END = 0;
    private static final byte ESCAPE = 1;

    private final KeyCodec<K> codec;
    private final int fixedBytes;

    public LeadingKey(KeyCodec<K> codec) {
        this.codec = codec;
        this.fixedBytes = codec.fixedBytes();
    }

    /** The bytes of {@code key}, ready for more to follow. */
    public byte[] encode(K key) {
        byte[] plain = codec.encode(key);
        if (fixedBytes < 0) {
            byte[] escaped = escape(plain, 1);
            escaped[escaped.length - 1] = END;
            return escaped;
        }
        if (plain.length != fixedBytes) {
            throw new IllegalStateException("The codec " + codec.id() + " says that its keys have " + fixedBytes
                    + " bytes, but one has " + plain.length + ". Correct its fixedBytes().");
        }
        return plain;
    }

    /** What a bound among the plain keys (see {@link KeyRange#from}) is among the leading ones; null: the end. */
    public byte @Nullable [] bound(byte[] plain) {
        if (fixedBytes < 0) {
            return escape(plain, 0);
        }
        // Longer than a key: above that key and so above all that follows it.
        return plain.length > fixedBytes ? KeyRange.afterPrefix(Arrays.copyOf(plain, fixedBytes)) : plain;
    }

    /**
     * Where the key that starts at {@code offset} ends and what follows it begins.
     *
     * @throws IllegalArgumentException if it does not end before {@code limit}
     */
    public int end(byte[] source, int offset, int limit) {
        if (fixedBytes >= 0) {
            if (limit - offset < fixedBytes) {
                throw cut();
            }
            return offset + fixedBytes;
        }
        for (int i = offset; i < limit; i++) {
            if (source[i] == END) {
                return i + 1;
            }
        }
        throw cut();
    }

    /** The key that lies from {@code offset} to {@code end}, which {@link #end} gave. */
    public K decode(byte[] source, int offset, int end) {
        if (fixedBytes >= 0) {
            return codec.decode(source, offset, fixedBytes);
        }
        byte[] plain = unescape(source, offset, end - 1);
        return codec.decode(plain, 0, plain.length);
    }

    private IllegalArgumentException cut() {
        return new IllegalArgumentException(
                "A key of the codec " + codec.id() + " is cut off; it was written by another codec.");
    }

    private static byte[] escape(byte[] plain, int room) {
        int escapes = 0;
        for (byte b : plain) {
            if (b == END || b == ESCAPE) {
                escapes++;
            }
        }
        byte[] escaped = Arrays.copyOf(plain, Math.addExact(plain.length, escapes + room));
        if (escapes == 0) {
            return escaped;
        }
        int to = 0;
        for (byte b : plain) {
            if (b == END || b == ESCAPE) {
                escaped[to++] = ESCAPE;
                escaped[to++] = (byte) (b + 1);
            } else {
                escaped[to++] = b;
            }
        }
        return escaped;
    }

    private static byte[] unescape(byte[] source, int offset, int end) {
        byte[] plain = new byte[end - offset];
        int length = 0;
        int from = offset;
        while (from < end) {
            byte b = source[from++];
            plain[length++] = b == ESCAPE ? escaped(source, from++, end) : b;
        }
        return length == plain.length ? plain : Arrays.copyOf(plain, length);
    }

    private static byte escaped(byte[] source, int at, int end) {
        if (at < end && (source[at] == 1 || source[at] == 2)) {
            return (byte) (source[at] - 1);
        }
        throw new IllegalArgumentException("A key is not escaped as it should be; it was written by another codec.");
    }
}
