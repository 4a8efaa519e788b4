// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import org.jspecify.annotations.Nullable;

/**
 * Copies of a page with one entry more, one less or one changed, for as long as the page keeps its shape.
 *
 * <p>This is what nearly every put does. Each method returns null where prefix, widths or flags would change, or where the
 * page would have to be split; a {@link Draft} does those.
 */
final class PageSplice {
    private PageSplice() {}

    /** With a new entry at {@code i}; the key starts with the page's prefix. */
    static byte @Nullable [] insert(
            byte[] page, int i, byte[] key, byte[] value, int at, int length, long version, long deadline) {
        int suffix = key.length - Page.prefixLength(page);
        int n = Page.count(page);
        if (n < 2 || !keepsShape(page, suffix, length, version, deadline)) {
            return null;
        }
        int entry = entryBytes(page, suffix, length);
        int slots = Page.isUniform(page) ? 1 : 3;
        int end = Page.isUniform(page) ? Page.entriesAt(page) + n * entry : page.length;
        if (!Page.fits(n + 1, end + slots + entry)) {
            return null;
        }
        int fingerprintsAt = Page.fingerprintsAt(page);
        byte[] made = new byte[Math.max(end + slots + entry, fingerprintsAt + ((n + 8) & ~7))];
        int entryAt = i < n ? Page.entryAt(page, i) : end;
        System.arraycopy(page, 0, made, 0, fingerprintsAt + i);
        made[1] = (byte) (n + 1);
        made[fingerprintsAt + i] = Words.fingerprint(key, 0, key.length);
        if (slots == 1) {
            System.arraycopy(page, fingerprintsAt + i, made, fingerprintsAt + i + 1, entryAt - fingerprintsAt - i);
        } else {
            System.arraycopy(page, fingerprintsAt + i, made, fingerprintsAt + i + 1, n - i);
            shiftOffsets(page, made, 0, i, 0, 3);
            Words.putUint16(made, fingerprintsAt + n + 1 + 2 * i, entryAt + 3);
            shiftOffsets(page, made, i, n, 1, 3 + entry);
            int prefixAt = Page.prefixAt(page);
            System.arraycopy(page, prefixAt, made, prefixAt + 3, entryAt - prefixAt);
        }
        int to = entryAt + slots;
        if (slots == 3) {
            to = putSuffixLength(made, to, suffix);
        }
        Words.copy(key, key.length - suffix, made, to, suffix);
        putMeta(made, to + suffix, version, deadline);
        Words.copy(value, at, made, to + suffix + Page.metaWidth(page), length);
        System.arraycopy(page, entryAt, made, entryAt + slots + entry, end - entryAt);
        return made;
    }

    /** With another value, version and deadline at {@code i}. */
    static byte @Nullable [] replace(
            byte[] page, int i, byte[] value, int at, int length, long version, long deadline) {
        int suffix = Page.suffixLength(page, i);
        int metaAt = Page.metaAt(page, i);
        if (!keepsShape(page, suffix, length, version, deadline) || isEarliest(page, metaAt)) {
            return null;
        }
        int oldEnd = Page.entryEnd(page, i);
        int valueAt = metaAt + Page.metaWidth(page);
        int growth = valueAt + length - oldEnd;
        int n = Page.count(page);
        if (growth > 0 && !Page.fits(n, page.length + growth)) {
            return null;
        }
        byte[] made = new byte[page.length + growth];
        System.arraycopy(page, 0, made, 0, metaAt);
        if (growth != 0) {
            shiftOffsets(page, made, i + 1, n, 0, growth);
        }
        putMeta(made, metaAt, version, deadline);
        Words.copy(value, at, made, valueAt, length);
        System.arraycopy(page, oldEnd, made, oldEnd + growth, page.length - oldEnd);
        return made;
    }

    /** Changes value and version at {@code i} in the page itself; false if it has to get another shape, and stays as it is. */
    static boolean overwrite(byte[] page, int i, byte[] value, int at, int length, long version, long deadline) {
        if (Page.hasDeadlines(page) || !keepsShape(page, Page.suffixLength(page, i), length, version, deadline)) {
            return false;
        }
        int metaAt = Page.metaAt(page, i);
        int valueAt = metaAt + Page.metaWidth(page);
        if (valueAt + length != Page.entryEnd(page, i)) {
            return false;
        }
        putMeta(page, metaAt, version, deadline);
        Words.copy(value, at, page, valueAt, length);
        return true;
    }

    /** Without entry {@code i}, which is neither the first nor the last: those decide the prefix. */
    static byte @Nullable [] remove(byte[] page, int i) {
        int n = Page.count(page);
        if (i == 0 || i == n - 1 || Page.hasBig(page) || isEarliest(page, Page.metaAt(page, i))) {
            return null;
        }
        int slots = Page.isUniform(page) ? 1 : 3;
        int fingerprintsAt = Page.fingerprintsAt(page);
        int entryAt = Page.entryAt(page, i);
        int next = Page.entryEnd(page, i);
        int end = Page.isUniform(page) ? Page.entriesAt(page) + n * Page.stride(page) : page.length;
        int removed = slots + next - entryAt;
        byte[] made = new byte[Math.max(end - removed, fingerprintsAt + ((n + 6) & ~7))];
        System.arraycopy(page, 0, made, 0, fingerprintsAt + i);
        made[1] = (byte) (n - 1);
        if (slots == 1) {
            System.arraycopy(page, fingerprintsAt + i + 1, made, fingerprintsAt + i, entryAt - fingerprintsAt - i - 1);
        } else {
            System.arraycopy(page, fingerprintsAt + i + 1, made, fingerprintsAt + i, n - i - 1);
            shiftOffsets(page, made, 0, i, 0, -3);
            shiftOffsets(page, made, i + 1, n, -1, -removed);
            int prefixAt = Page.prefixAt(page);
            System.arraycopy(page, prefixAt, made, prefixAt - 3, entryAt - prefixAt);
        }
        System.arraycopy(page, next, made, next - removed, end - next);
        return made;
    }

    private static boolean keepsShape(byte[] page, int suffix, int length, long version, long deadline) {
        if (Page.hasBig(page) || length > Page.INLINE_BYTES_MAX) {
            return false;
        }
        if (Page.isUniform(page)
                && (suffix != Page.uniformSuffix(page)
                        || suffix + Page.metaWidth(page) + length != Page.stride(page))) {
            return false;
        }
        long delta = version - Page.versionBase(page);
        if (Words.width(delta) > Page.versionWidth(page)) {
            return false;
        }
        if (deadline == RadixTree.NEVER) {
            return true;
        }
        return Page.hasDeadlines(page)
                && deadline >= Page.deadline(page)
                && Words.width(deadline - Page.deadline(page) + 1) <= Page.deadlineWidth(page);
    }

    /** Whether the page's deadline base may rest on this entry. */
    private static boolean isEarliest(byte[] page, int metaAt) {
        return Page.hasDeadlines(page) && Page.deadline(page, metaAt) == Page.deadline(page);
    }

    private static int entryBytes(byte[] page, int suffix, int length) {
        int prefix = suffix < 128 ? 1 : 2;
        return Page.isUniform(page) ? Page.stride(page) : prefix + suffix + Page.metaWidth(page) + length;
    }

    private static void putMeta(byte[] page, int at, long version, long deadline) {
        int width = Page.versionWidth(page);
        Words.put(page, at, version - Page.versionBase(page), width);
        if (Page.hasDeadlines(page) && deadline != RadixTree.NEVER) {
            Words.put(page, at + width, deadline - Page.deadline(page) + 1, Page.deadlineWidth(page));
        }
    }

    /** Copies the offsets of some entries, moved in the table by {@code slots} and changed by {@code distance}. */
    private static void shiftOffsets(byte[] page, byte[] made, int from, int to, int slots, int distance) {
        int source = Page.offsetsAt(page);
        int target = Page.offsetsAt(made) + 2 * slots;
        for (int i = from; i < to; i++) {
            Words.putUint16(made, target + 2 * i, Words.uint16(page, source + 2 * i) + distance);
        }
    }

    /** Writes the length of a suffix and returns where the suffix starts. */
    static int putSuffixLength(byte[] page, int at, int length) {
        if (length < 128) {
            page[at] = (byte) length;
            return at + 1;
        }
        page[at] = (byte) ((length >>> 8) | 0x80);
        page[at + 1] = (byte) length;
        return at + 2;
    }
}
