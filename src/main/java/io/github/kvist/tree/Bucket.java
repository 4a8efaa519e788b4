// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A leaf on which puts wait until they are worth sorting in: the leaf as it is, and behind it the puts in their order.
 *
 * <p>Belongs to one editor, which appends to it in place; no tree ever holds one. A put that waits is
 *
 * <pre>
 *   offset  bytes  content
 *   0       8      version
 *   8       8      deadline
 *   16      2      length of the key
 *   18      2      length of the value
 *   20             key, value
 * </pre>
 *
 * <p>The bytes of a put never change once it is here, so that whoever found it may keep it.
 */
final class Bucket {
    private static final int ENTRIES_MAX = 64;
    private static final int BYTES_MAX = 16 << 10;
    private static final int KEY_BYTES_MAX = 512;
    private static final int HEAD_BYTES = 20;

    final Object leaf;

    /** All keys here share so many half bytes, of which these are the bytes. */
    private final int position;

    private final byte[] shared;
    private final int[] starts = new int[ENTRIES_MAX];
    private final byte[] fingerprints = new byte[ENTRIES_MAX];
    private byte[] bytes = new byte[512];
    private int count;
    private int end;

    /** On a leaf that lies where all keys share so many half bytes with {@code key}. */
    Bucket(Object leaf, byte[] key, int position) {
        this.leaf = leaf;
        this.position = position;
        this.shared = Arrays.copyOf(key, (position + 1) >>> 1);
    }

    /** The leaf under a bucket; any other node is returned as it is. */
    static Object base(Object node) {
        return node instanceof Bucket bucket ? bucket.leaf : node;
    }

    /** Whether an entry is small enough to be copied twice. */
    static boolean isFor(byte[] key, int valueLength) {
        return key.length <= KEY_BYTES_MAX && valueLength <= Page.INLINE_BYTES_MAX;
    }

    /** Whether a key that was led here belongs here: radix nodes do not compare what they skip. */
    boolean admits(byte[] key) {
        int whole = position >>> 1;
        return key.length >= shared.length
                && Words.equal(key, 0, shared, 0, whole)
                && (whole == shared.length || ((key[whole] ^ shared[whole]) & 0xf0) == 0);
    }

    boolean isFull() {
        return count == ENTRIES_MAX || end > BYTES_MAX;
    }

    void append(byte[] key, byte[] value, int at, int length, long version, long deadline) {
        int next = end + HEAD_BYTES + key.length + length;
        if (next > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(next, 2 * bytes.length));
        }
        Words.putInt64(bytes, end, version);
        Words.putInt64(bytes, end + 8, deadline);
        Words.putUint16(bytes, end + 16, key.length);
        Words.putUint16(bytes, end + 18, length);
        Words.copy(key, 0, bytes, end + HEAD_BYTES, key.length);
        Words.copy(value, at, bytes, end + HEAD_BYTES + key.length, length);
        fingerprints[count] = Words.fingerprint(key, 0, key.length);
        starts[count++] = end;
        end = next;
    }

    /** The last put of a key; null if none waits here. */
    @Nullable
    TreeEntry find(byte[] key) {
        byte fingerprint = Words.fingerprint(key, 0, key.length);
        for (int i = count - 1; i >= 0; i--) {
            int start = starts[i];
            if (fingerprints[i] == fingerprint
                    && keyLength(start) == key.length
                    && Words.equal(key, 0, bytes, keyAt(start), key.length)) {
                return new TreeEntry(bytes, valueAt(start), valueLength(start), version(start), deadline(start));
            }
        }
        return null;
    }

    /** A key that leads here. */
    byte[] key() {
        int start = starts[0];
        return Arrays.copyOfRange(bytes, keyAt(start), valueAt(start));
    }

    /** Adds the entries of the leaf and the last put of each key, in key order. */
    void gather(Draft draft) {
        byte[] page = BigPage.page(leaf);
        int[] order = order();
        int entries = Page.count(page);
        int from = 0;
        for (int i = 0; i < count; i++) {
            int start = order[i];
            if (i + 1 < count && compare(start, order[i + 1]) == 0) {
                continue;
            }
            int to = from;
            int comparison = 1;
            while (to < entries && (comparison = comparedTo(page, to, start)) > 0) {
                to++;
            }
            draft.add(leaf, from, to);
            draft.add(
                    bytes,
                    keyAt(start),
                    keyLength(start),
                    bytes,
                    valueAt(start),
                    valueLength(start),
                    version(start),
                    deadline(start));
            from = to < entries && comparison == 0 ? to + 1 : to;
        }
        draft.add(leaf, from, entries);
    }

    /** Where the puts start, in the order of their keys; puts of one key stay in their order. */
    private int[] order() {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int low = 0;
            int high = i;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (compare(starts[i], order[middle]) < 0) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            System.arraycopy(order, low, order, low + 1, i - low);
            order[low] = starts[i];
        }
        return order;
    }

    private int compare(int start, int other) {
        int skip = position >>> 1;
        return Words.compare(
                bytes,
                keyAt(start) + skip,
                keyLength(start) - skip,
                bytes,
                keyAt(other) + skip,
                keyLength(other) - skip);
    }

    private int comparedTo(byte[] page, int i, int start) {
        return PageSearch.compare(bytes, keyAt(start), keyLength(start), page, i);
    }

    private long version(int start) {
        return Words.int64(bytes, start);
    }

    private long deadline(int start) {
        return Words.int64(bytes, start + 8);
    }

    private int keyLength(int start) {
        return Words.uint16(bytes, start + 16);
    }

    private int valueLength(int start) {
        return Words.uint16(bytes, start + 18);
    }

    private static int keyAt(int start) {
        return start + HEAD_BYTES;
    }

    private int valueAt(int start) {
        return keyAt(start) + keyLength(start);
    }
}
