// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import org.jspecify.annotations.Nullable;

/**
 * The packed leaf: up to 64 sorted entries in one byte array, the same in memory and on storage.
 *
 * <p>Numbers are little-endian. {@code n} entries share {@code P} prefix bytes; {@code V}, {@code D} and {@code B} are the
 * bytes per entry for version, deadline and slot.
 *
 * <pre>
 *   offset  bytes  content
 *   0       1      low nibble: flags UNIFORM 1, DEADLINES 2, BIG 4; high nibble: format version, now 1
 *   1       1      n, 1 to 64
 *   2       2      P, the exact longest common prefix of all keys (of a single entry: its whole key)
 *   4       1      low nibble V (0 to 8), high nibble D (0 without DEADLINES, else 1 to 8)
 *   5       1      UNIFORM: length of every suffix; else 0
 *   6       2      UNIFORM: bytes per entry; else 0
 *   8       8      version base
 *   16      8      DEADLINES only: deadline base, the earliest deadline in the page
 *   F       n      fingerprints ({@link Words#fingerprint}) of the whole keys, in key order; F = 16 or 24
 *   F+n     2n     unless UNIFORM: offset of each entry from the start of the page
 *   ..      P      the prefix
 *   ..             the entries, in key order, without gaps
 * </pre>
 *
 * <p>An entry is, in this order: unless UNIFORM the length of its suffix (one byte below 128, else two bytes, the first
 * with its top bit set, big-endian); the suffix, which is the key without the prefix; {@code V} bytes of version less the
 * version base; {@code D} bytes, 0 for no deadline, else deadline less the deadline base plus 1; with BIG one byte, 0 for a
 * value that follows, else the value's slot plus 1; the value, at most {@value #INLINE_BYTES_MAX} bytes, to the end of
 * the entry. Values that are longer stand outside the page, in slots numbered in key order; B is 1 then.
 *
 * <p>The array is padded with zeros to at least F + 8 ⌈n/8⌉ bytes, so that fingerprints can be read eight at a time.
 * A page never changes once a tree refers to it.
 */
final class Page {
    static final int FORMAT = 0x10;
    static final int UNIFORM = 1;
    static final int DEADLINES = 2;
    static final int BIG = 4;

    static final int INLINE_BYTES_MAX = 256;
    static final int FORMAT_ENTRIES_MAX = 64;

    /** Pages are split beyond these, see {@link #fits}. */
    static final int ENTRIES_MAX = 24;

    private static final int BYTES_MAX = 1792;
    private static final int LONG_KEY_BYTES_MAX = 8192;

    static final int HEADER_BYTES = 16;

    private static final int CACHE_LINE_BYTES = 64;

    static final byte[] EMPTY = {FORMAT, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    private Page() {}

    /** Whether so many entries in so many bytes may stay together. */
    static boolean fits(int entries, int bytes) {
        return entries == 1 || (entries <= ENTRIES_MAX && bytes <= (entries < 4 ? LONG_KEY_BYTES_MAX : BYTES_MAX));
    }

    /** Whether two pages may become one: with room left, so that the next insert does not split it again. */
    static boolean fitsMerged(int entries, int bytes) {
        return entries <= ENTRIES_MAX * 3 / 4 && bytes <= BYTES_MAX * 3 / 4;
    }

    /**
     * Reads a byte of each cache line of a page, so that lines that are not in the cache arrive together: a search would wait
     * for one after the other.
     *
     * @return true; said in a way that keeps the reads from being left out
     */
    static boolean touch(byte[] page) {
        int sum = 0;
        // From the end: where a page starts is read anyway, for its length.
        for (int i = page.length - 1; i >= 0; i -= CACHE_LINE_BYTES) {
            sum += page[i];
        }
        return sum != Integer.MIN_VALUE;
    }

    static int count(byte[] page) {
        return page[1];
    }

    static boolean isUniform(byte[] page) {
        return (page[0] & UNIFORM) != 0;
    }

    static boolean hasDeadlines(byte[] page) {
        return (page[0] & DEADLINES) != 0;
    }

    static boolean hasBig(byte[] page) {
        return (page[0] & BIG) != 0;
    }

    static int prefixLength(byte[] page) {
        return Words.uint16(page, 2);
    }

    static int versionWidth(byte[] page) {
        return page[4] & 15;
    }

    static int deadlineWidth(byte[] page) {
        return (page[4] >> 4) & 15;
    }

    /** Bytes of version, deadline and slot in each entry. */
    static int metaWidth(byte[] page) {
        return versionWidth(page) + deadlineWidth(page) + ((page[0] & BIG) >> 2);
    }

    static int uniformSuffix(byte[] page) {
        return page[5] & 0xff;
    }

    static int stride(byte[] page) {
        return Words.uint16(page, 6);
    }

    static long versionBase(byte[] page) {
        return Words.int64(page, 8);
    }

    /** The earliest deadline in the page. */
    static long deadline(byte[] page) {
        return hasDeadlines(page) ? Words.int64(page, HEADER_BYTES) : RadixTree.NEVER;
    }

    static int fingerprintsAt(byte[] page) {
        return HEADER_BYTES + ((page[0] & DEADLINES) << 2);
    }

    static int offsetsAt(byte[] page) {
        return fingerprintsAt(page) + count(page);
    }

    static int prefixAt(byte[] page) {
        return offsetsAt(page) + (isUniform(page) ? 0 : 2 * count(page));
    }

    static int entriesAt(byte[] page) {
        return prefixAt(page) + prefixLength(page);
    }

    static int entryAt(byte[] page, int i) {
        return isUniform(page) ? entriesAt(page) + i * stride(page) : Words.uint16(page, offsetsAt(page) + 2 * i);
    }

    static int entryEnd(byte[] page, int i) {
        if (isUniform(page)) {
            return entriesAt(page) + (i + 1) * stride(page);
        }
        return i + 1 < count(page) ? Words.uint16(page, offsetsAt(page) + 2 * i + 2) : page.length;
    }

    static int suffixAt(byte[] page, int i) {
        int at = entryAt(page, i);
        return isUniform(page) ? at : at + (page[at] < 0 ? 2 : 1);
    }

    static int suffixLength(byte[] page, int i) {
        return isUniform(page) ? uniformSuffix(page) : suffixLengthAt(page, entryAt(page, i));
    }

    static int suffixLengthAt(byte[] page, int at) {
        int first = page[at];
        return first >= 0 ? first : ((first & 0x7f) << 8) | (page[at + 1] & 0xff);
    }

    static int keyLength(byte[] page, int i) {
        return prefixLength(page) + suffixLength(page, i);
    }

    static int metaAt(byte[] page, int i) {
        return suffixAt(page, i) + suffixLength(page, i);
    }

    static long version(byte[] page, int metaAt) {
        int width = versionWidth(page);
        return versionBase(page) + Words.endingAt(page, metaAt + width, width);
    }

    static long deadline(byte[] page, int metaAt) {
        if (!hasDeadlines(page)) {
            return RadixTree.NEVER;
        }
        int width = deadlineWidth(page);
        long delta = Words.endingAt(page, metaAt + versionWidth(page) + width, width);
        return delta == 0 ? RadixTree.NEVER : Words.int64(page, HEADER_BYTES) + delta - 1;
    }

    /** The slot of a value that stands outside the page, or -1. */
    static int slot(byte[] page, int metaAt) {
        return hasBig(page) ? (page[metaAt + metaWidth(page) - 1] & 0xff) - 1 : -1;
    }

    static int valueLength(byte[] page, byte @Nullable [][] big, int i) {
        int metaAt = metaAt(page, i);
        int slot = slot(page, metaAt);
        return big != null && slot >= 0 ? big[slot].length : entryEnd(page, i) - metaAt - metaWidth(page);
    }

    static byte[] key(byte[] page, int i) {
        byte[] key = new byte[keyLength(page, i)];
        copyKey(page, i, key, 0);
        return key;
    }

    /** Copies a key and returns its length. */
    static int copyKey(byte[] page, int i, byte[] target, int at) {
        int prefix = prefixLength(page);
        int suffix = suffixLength(page, i);
        Words.copy(page, prefixAt(page), target, at, prefix);
        Words.copy(page, suffixAt(page, i), target, at + prefix, suffix);
        return prefix + suffix;
    }

    /** The label of a key at a nibble position, see {@link Inner#label}. */
    static int label(byte[] page, int i, int position) {
        int at = position >>> 1;
        int prefix = prefixLength(page);
        if (at < prefix) {
            return Inner.labelOf(page[prefixAt(page) + at], position);
        }
        at -= prefix;
        return at < suffixLength(page, i) ? Inner.labelOf(page[suffixAt(page, i) + at], position) : 0;
    }

    /** Bytes of all keys and values. */
    static long payload(byte[] page, byte @Nullable [][] big) {
        int n = count(page);
        if (isUniform(page) && big == null) {
            return (long) n * (prefixLength(page) + stride(page) - metaWidth(page));
        }
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum += keyLength(page, i) + valueLength(page, big, i);
        }
        return sum;
    }
}
