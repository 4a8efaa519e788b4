// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Judges a page that comes from outside: one that passes is never read out of its bounds and says nothing wrong.
 *
 * <p>A checksum tells decay; this also tells a page that was made to do harm.
 */
final class PageCheck {
    private final byte[] page;
    private final byte @Nullable [][] big;

    private PageCheck(byte[] page, byte @Nullable [][] big) {
        this.page = page;
        this.big = big;
    }

    /**
     * Returns if the page is sound.
     *
     * @throws IllegalArgumentException if it is not; says why
     */
    static void check(byte[] page, byte @Nullable [][] big) {
        PageCheck check = new PageCheck(page, big);
        check.header();
        check.body();
        check.keys();
        check.deadlines();
        check.slots();
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException("not a page of this format: " + what);
        }
    }

    /** Of one entry or key: the message is put together only when it is needed, since a store that opens checks them all. */
    private static void require(boolean holds, String what, int number) {
        if (!holds) {
            throw new IllegalArgumentException("not a page of this format: " + what + " " + number);
        }
    }

    private void header() {
        require(page.length >= Page.HEADER_BYTES, "shorter than its header");
        require(page.length <= 0xffff, "longer than its offsets can tell");
        require((page[0] & 0xf0) == Page.FORMAT, "its format version is unknown");
        require((page[0] & 8) == 0, "it has an unknown flag");
        int n = page[1];
        require(n >= 1 && n <= Page.FORMAT_ENTRIES_MAX, "its number of entries");
        require(Page.versionWidth(page) <= 8, "the width of its versions");
        int width = (page[4] >> 4) & 15;
        require(Page.hasDeadlines(page) ? width >= 1 && width <= 8 : width == 0, "the width of its deadlines");
        require(Page.isUniform(page) || (page[5] == 0 && Words.uint16(page, 6) == 0), "lengths of entries not uniform");
        require(Page.fingerprintsAt(page) + ((n + 7) & ~7) <= page.length, "no room for its fingerprints");
        require(Page.entriesAt(page) <= page.length, "its prefix goes beyond its end");
    }

    /** Entries lie within the page, in order and without gaps. */
    private void body() {
        int n = Page.count(page);
        int meta = Page.metaWidth(page);
        if (Page.isUniform(page)) {
            int value = Page.stride(page) - Page.uniformSuffix(page) - meta;
            require(value >= 0 && value <= Page.INLINE_BYTES_MAX, "the length of its values");
            int end = Page.entriesAt(page) + n * Page.stride(page);
            int least = Page.fingerprintsAt(page) + ((n + 7) & ~7);
            require(page.length == Math.max(end, least), "its length");
            for (int i = end; i < page.length; i++) {
                require(page[i] == 0, "its padding");
            }
            return;
        }
        int at = Page.entriesAt(page);
        for (int i = 0; i < n; i++) {
            require(Page.entryAt(page, i) == at, "the offset of entry", i);
            require(at + 2 <= page.length, "it ends before entry", i);
            int suffix = Page.suffixLengthAt(page, at);
            int metaAt = at + (page[at] < 0 ? 2 : 1) + suffix;
            int end = Page.entryEnd(page, i);
            require(page[at] >= 0 || suffix >= 128, "the suffix of entry", i);
            require(metaAt + meta <= end && end <= page.length, "the end of entry", i);
            require(end - metaAt - meta <= Page.INLINE_BYTES_MAX, "the value of entry", i);
            at = end;
        }
    }

    /** Keys rise, the prefix is exact, the fingerprints are theirs. */
    private void keys() {
        int n = Page.count(page);
        int prefix = Page.prefixLength(page);
        int fingerprintsAt = Page.fingerprintsAt(page);
        byte[] key = new byte[prefix + 128];
        System.arraycopy(page, Page.prefixAt(page), key, 0, prefix);
        int before = 0;
        int beforeLength = 0;
        for (int i = 0; i < n; i++) {
            int at = Page.suffixAt(page, i);
            int suffix = Page.suffixLength(page, i);
            int length = prefix + suffix;
            require(length <= RadixTree.KEY_BYTES_MAX, "the length of key", i);
            if (length > key.length) {
                key = Arrays.copyOf(key, length);
            }
            Words.copy(page, at, key, prefix, suffix);
            byte fingerprint = Words.fingerprint(key, 0, length);
            require(page[fingerprintsAt + i] == fingerprint, "the fingerprint of key", i);
            boolean rises = i == 0 || Words.compare(page, before, beforeLength, page, at, suffix) < 0;
            require(rises, "the order of key", i);
            before = at;
            beforeLength = suffix;
        }
        int first = Page.suffixAt(page, 0);
        boolean isExact = Page.suffixLength(page, 0) == 0 || (n > 1 && page[first] != page[before]);
        require(isExact, "its prefix is not the longest");
    }

    /** Deadlines are in bounds, and the earliest is the base. */
    private void deadlines() {
        if (!Page.hasDeadlines(page)) {
            return;
        }
        long base = Page.deadline(page);
        long earliest = RadixTree.NEVER;
        int width = Page.deadlineWidth(page);
        for (int i = 0; i < Page.count(page); i++) {
            int metaAt = Page.metaAt(page, i);
            long deadline = Page.deadline(page, metaAt);
            boolean isNone = Words.endingAt(page, metaAt + Page.versionWidth(page) + width, width) == 0;
            require(isNone || (deadline >= base && deadline < RadixTree.NEVER), "the deadline of entry", i);
            earliest = Math.min(earliest, deadline);
        }
        require(base < RadixTree.NEVER && earliest == base, "its earliest deadline");
    }

    /** Each slot has a value outside, and each such value a slot. */
    private void slots() {
        byte @Nullable [][] outside = big;
        int given = outside == null ? 0 : outside.length;
        if (!Page.hasBig(page) || outside == null) {
            require(!Page.hasBig(page) && given == 0, "its number of big values");
            return;
        }
        int slots = 0;
        for (int i = 0; i < Page.count(page); i++) {
            int metaAt = Page.metaAt(page, i);
            int slot = Page.slot(page, metaAt);
            if (slot >= 0) {
                require(slot == slots++, "the slot of entry", i);
                int inline = Page.entryEnd(page, i) - metaAt - Page.metaWidth(page);
                require(inline == 0, "two values of entry", i);
                boolean isBig = slot < given && outside[slot].length > Page.INLINE_BYTES_MAX;
                require(isBig, "the big value of entry", i);
            }
        }
        require(slots > 0 && slots == given, "its number of big values");
    }
}
