// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sorted entries on their way into pages: gathered from old pages and from a put, measured, cut, and written.
 *
 * <p>Entries are not copied until they are written. A key is two runs of one array (in a page: prefix and suffix).
 */
final class Draft {
    /** One idle draft is kept for whoever needs one next, since it is larger than the page it makes. */
    private static final AtomicReference<@Nullable Draft> IDLE = new AtomicReference<>();

    private static final byte[] NONE = {};
    private static final int IDLE_CAPACITY_MAX = 256;

    private byte[][] keys = new byte[72][];
    private int[] headAt = new int[72];
    private int[] headLength = new int[72];
    private int[] tailAt = new int[72];
    private int[] tailLength = new int[72];
    private byte[][] values = new byte[72][];
    private int[] valueAt = new int[72];
    private int[] valueLength = new int[72];
    private long[] versions = new long[72];
    private long[] deadlines = new long[72];
    private byte[] fingerprints = new byte[72];
    private int count;

    // The shape of a page of some of the entries, left by measure().
    private int prefix;
    private int bytes;
    private int suffix;
    private int stride;
    private int big;
    private long versionBase;
    private int versionWidth;
    private long deadlineBase;
    private int deadlineWidth;

    static Draft borrow() {
        Draft idle = IDLE.getAndSet(null);
        return idle == null ? new Draft() : idle;
    }

    /** Hands the draft back; nobody may use it afterwards. */
    void release() {
        if (keys.length <= IDLE_CAPACITY_MAX) {
            clear();
            IDLE.set(this);
        }
    }

    void clear() {
        // References to pages would keep them from being collected.
        Arrays.fill(keys, 0, count, NONE);
        Arrays.fill(values, 0, count, NONE);
        count = 0;
    }

    int count() {
        return count;
    }

    private int next() {
        if (count == keys.length) {
            int capacity = 2 * count;
            keys = Arrays.copyOf(keys, capacity);
            headAt = Arrays.copyOf(headAt, capacity);
            headLength = Arrays.copyOf(headLength, capacity);
            tailAt = Arrays.copyOf(tailAt, capacity);
            tailLength = Arrays.copyOf(tailLength, capacity);
            values = Arrays.copyOf(values, capacity);
            valueAt = Arrays.copyOf(valueAt, capacity);
            valueLength = Arrays.copyOf(valueLength, capacity);
            versions = Arrays.copyOf(versions, capacity);
            deadlines = Arrays.copyOf(deadlines, capacity);
            fingerprints = Arrays.copyOf(fingerprints, capacity);
        }
        return count++;
    }

    /** Adds an entry from outside; key and value must stay as they are until the draft is written. */
    void add(byte[] key, int keyAt, int keyLength, byte[] value, int at, int length, long version, long deadline) {
        int i = next();
        keys[i] = key;
        headAt[i] = keyAt;
        headLength[i] = keyLength;
        tailAt[i] = 0;
        tailLength[i] = 0;
        if (length > Page.INLINE_BYTES_MAX) {
            values[i] = Arrays.copyOfRange(value, at, at + length);
            valueAt[i] = 0;
        } else {
            values[i] = value;
            valueAt[i] = at;
        }
        valueLength[i] = length;
        versions[i] = version;
        deadlines[i] = deadline;
        fingerprints[i] = Words.fingerprint(key, keyAt, keyLength);
    }

    /** Adds some entries of a leaf. */
    void add(Object leaf, int from, int to) {
        byte[] page = BigPage.page(leaf);
        byte @Nullable [][] bigValues = BigPage.big(leaf);
        int prefixAt = Page.prefixAt(page);
        int prefixLength = Page.prefixLength(page);
        int fingerprintsAt = Page.fingerprintsAt(page);
        int metaWidth = Page.metaWidth(page);
        for (int entry = from; entry < to; entry++) {
            int i = next();
            keys[i] = page;
            headAt[i] = prefixAt;
            headLength[i] = prefixLength;
            tailAt[i] = Page.suffixAt(page, entry);
            tailLength[i] = Page.suffixLength(page, entry);
            int metaAt = tailAt[i] + tailLength[i];
            int slot = bigValues == null ? -1 : Page.slot(page, metaAt);
            if (bigValues != null && slot >= 0) {
                values[i] = bigValues[slot];
                valueAt[i] = 0;
                valueLength[i] = bigValues[slot].length;
            } else {
                values[i] = page;
                valueAt[i] = metaAt + metaWidth;
                valueLength[i] = Page.entryEnd(page, entry) - valueAt[i];
            }
            versions[i] = Page.version(page, metaAt);
            deadlines[i] = Page.deadline(page, metaAt);
            fingerprints[i] = page[fingerprintsAt + entry];
        }
    }

    /** Drops the first entries. */
    void drop(int first) {
        int rest = count - first;
        System.arraycopy(keys, first, keys, 0, rest);
        System.arraycopy(headAt, first, headAt, 0, rest);
        System.arraycopy(headLength, first, headLength, 0, rest);
        System.arraycopy(tailAt, first, tailAt, 0, rest);
        System.arraycopy(tailLength, first, tailLength, 0, rest);
        System.arraycopy(values, first, values, 0, rest);
        System.arraycopy(valueAt, first, valueAt, 0, rest);
        System.arraycopy(valueLength, first, valueLength, 0, rest);
        System.arraycopy(versions, first, versions, 0, rest);
        System.arraycopy(deadlines, first, deadlines, 0, rest);
        System.arraycopy(fingerprints, first, fingerprints, 0, rest);
        Arrays.fill(keys, rest, count, NONE);
        Arrays.fill(values, rest, count, NONE);
        count = rest;
    }

    int keyLength(int i) {
        return headLength[i] + tailLength[i];
    }

    /** Bytes of a key and its value, if that will lie in the page. */
    int rawBytes(int i) {
        return keyLength(i) + inline(i);
    }

    /** Bytes of all keys and values. */
    long payload() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += keyLength(i) + valueLength[i];
        }
        return sum;
    }

    /** The earliest deadline. */
    long earliest() {
        long earliest = RadixTree.NEVER;
        for (int i = 0; i < count; i++) {
            earliest = Math.min(earliest, deadlines[i]);
        }
        return earliest;
    }

    private byte keyByte(int i, int at) {
        return at < headLength[i] ? keys[i][headAt[i] + at] : keys[i][tailAt[i] + at - headLength[i]];
    }

    int label(int i, int position) {
        int at = position >>> 1;
        return at >= keyLength(i) ? 0 : Inner.labelOf(keyByte(i, at), position);
    }

    /** Copies the bytes of a key from {@code from} on. */
    private void copyKey(int i, int from, byte[] target, int at) {
        int head = headLength[i] - from;
        if (head > 0) {
            Words.copy(keys[i], headAt[i] + from, target, at, head);
            Words.copy(keys[i], tailAt[i], target, at + head, tailLength[i]);
        } else {
            Words.copy(keys[i], tailAt[i] - head, target, at, tailLength[i] + head);
        }
    }

    byte[] key(int i) {
        byte[] key = new byte[keyLength(i)];
        copyKey(i, 0, key, 0);
        return key;
    }

    /** How many bytes two keys share. */
    int common(int i, int j) {
        int most = Math.min(keyLength(i), keyLength(j));
        int shared = 0;
        if (keys[i] == keys[j] && headAt[i] == headAt[j]) {
            shared = Math.min(headLength[i], headLength[j]);
        }
        while (shared < most) {
            int run = Math.min(runAt(i, shared), runAt(j, shared));
            int same = Words.mismatch(keys[i], placeOf(i, shared), keys[j], placeOf(j, shared), run);
            shared += same;
            if (same < run) {
                break;
            }
        }
        return shared;
    }

    private int runAt(int i, int at) {
        return at < headLength[i] ? headLength[i] - at : keyLength(i) - at;
    }

    private int placeOf(int i, int at) {
        return at < headLength[i] ? headAt[i] + at : tailAt[i] + at - headLength[i];
    }

    /** The first half byte at which two different keys differ. */
    int divergence(int i, int j) {
        int position = 2 * common(i, j);
        return label(i, position) == label(j, position) ? position + 1 : position;
    }

    /** Whether two entries have different labels at a half byte. */
    boolean differ(int i, int j, int position) {
        return label(i, position) != label(j, position);
    }

    /** Whether some neighbouring entries may be one page. */
    boolean fits(int from, int to) {
        measure(from, to);
        return Page.fits(to - from, bytes);
    }

    boolean fitsMerged() {
        measure(0, count);
        return Page.fitsMerged(count, bytes);
    }

    private void measure(int from, int to) {
        int n = to - from;
        prefix = n == 1 ? keyLength(from) : common(from, to - 1);
        int firstSuffix = keyLength(from) - prefix;
        int firstValue = inline(from);
        boolean uniform = firstSuffix <= 255;
        long lowest = versions[from];
        long earliest = RadixTree.NEVER;
        int entryBytes = 0;
        big = 0;
        for (int i = from; i < to; i++) {
            int suffixLength = keyLength(i) - prefix;
            int value = inline(i);
            uniform &= suffixLength == firstSuffix && value == firstValue;
            entryBytes += suffixLength + value + (suffixLength < 128 ? 1 : 2);
            lowest = Math.min(lowest, versions[i]);
            earliest = Math.min(earliest, deadlines[i]);
            if (valueLength[i] > Page.INLINE_BYTES_MAX) {
                big++;
            }
        }
        versionBase = lowest;
        deadlineBase = earliest;
        long spread = 0;
        long wait = 0;
        for (int i = from; i < to; i++) {
            spread |= versions[i] - lowest;
            wait |= deadlineDelta(i);
        }
        versionWidth = Words.width(spread);
        deadlineWidth = Words.width(wait);
        int meta = versionWidth + deadlineWidth + (big > 0 ? 1 : 0);
        int header = Page.HEADER_BYTES + (deadlineWidth > 0 ? 8 : 0);
        suffix = uniform ? firstSuffix : -1;
        stride = uniform ? firstSuffix + meta + firstValue : 0;
        int body = uniform ? n + n * stride : 3 * n + entryBytes + n * meta;
        bytes = header + Math.max(prefix + body, (n + 7) & ~7);
    }

    private int inline(int i) {
        return valueLength[i] > Page.INLINE_BYTES_MAX ? 0 : valueLength[i];
    }

    private long deadlineDelta(int i) {
        return deadlines[i] == RadixTree.NEVER ? 0 : deadlines[i] - deadlineBase + 1;
    }

    /** Writes some neighbouring entries as one leaf. */
    Object write(int from, int to) {
        measure(from, to);
        int n = to - from;
        byte[] page = new byte[bytes];
        page[0] = (byte) (Page.FORMAT
                | (suffix >= 0 ? Page.UNIFORM : 0)
                | (deadlineWidth > 0 ? Page.DEADLINES : 0)
                | (big > 0 ? Page.BIG : 0));
        page[1] = (byte) n;
        Words.putUint16(page, 2, prefix);
        page[4] = (byte) (versionWidth | (deadlineWidth << 4));
        page[5] = (byte) Math.max(suffix, 0);
        Words.putUint16(page, 6, stride);
        Words.putInt64(page, 8, versionBase);
        int at = Page.HEADER_BYTES;
        if (deadlineWidth > 0) {
            Words.putInt64(page, at, deadlineBase);
            at += 8;
        }
        System.arraycopy(fingerprints, from, page, at, n);
        int offsetsAt = at + n;
        at = offsetsAt + (suffix >= 0 ? 0 : 2 * n);
        Words.copy(keys[from], headAt[from], page, at, Math.min(headLength[from], prefix));
        if (prefix > headLength[from]) {
            int rest = prefix - headLength[from];
            Words.copy(keys[from], tailAt[from], page, at + headLength[from], rest);
        }
        at += prefix;
        byte[][] outside = new byte[big][];
        int slot = 0;
        for (int i = from; i < to; i++) {
            if (suffix < 0) {
                Words.putUint16(page, offsetsAt + 2 * (i - from), at);
                at = PageSplice.putSuffixLength(page, at, keyLength(i) - prefix);
            }
            copyKey(i, prefix, page, at);
            at += keyLength(i) - prefix;
            Words.put(page, at, versions[i] - versionBase, versionWidth);
            at += versionWidth;
            Words.put(page, at, deadlineDelta(i), deadlineWidth);
            at += deadlineWidth;
            boolean isOutside = valueLength[i] > Page.INLINE_BYTES_MAX;
            if (isOutside) {
                outside[slot++] = values[i];
            } else {
                Words.copy(values[i], valueAt[i], page, at + (big > 0 ? 1 : 0), valueLength[i]);
            }
            if (big > 0) {
                page[at++] = (byte) (isOutside ? slot : 0);
            }
            at += inline(i);
        }
        return big > 0 ? new BigPage(page, outside) : page;
    }
}
