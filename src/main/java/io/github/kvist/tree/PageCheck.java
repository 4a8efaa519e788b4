// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

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
        check.meta();
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
        for (int i = 0; i < n; i++) {
            int length = Page.keyLength(page, i);
            require(length <= RadixTree.KEY_BYTES_MAX, "the length of key", i);
            if (length > key.length) {
                key = new byte[length];
            }
            int copied = Page.copyKey(page, i, key, 0);
            byte expected = Words.fingerprint(key, 0, copied);
            require(page[fingerprintsAt + i] == expected, "the fingerprint of key", i);
            require(
                    i == 0
                            || Words.compare(
                                            page,
                                            Page.suffixAt(page, i - 1),
                                            Page.suffixLength(page, i - 1),
                                            page,
                                            Page.suffixAt(page, i),
                                            Page.suffixLength(page, i))
                                    < 0,
                    "the order of key",
                    i);
        }
        boolean isExact = n == 1
                ? Page.suffixLength(page, 0) == 0
                : Page.suffixLength(page, 0) == 0 || page[Page.suffixAt(page, 0)] != page[Page.suffixAt(page, n - 1)];
        require(isExact, "its prefix is not the longest");
    }

    /** Deadlines and slots are in bounds. */
    private void meta() {
        int n = Page.count(page);
        int slots = 0;
        long base = Page.deadline(page);
        for (int i = 0; i < n; i++) {
            int metaAt = Page.metaAt(page, i);
            long deadline = Page.deadline(page, metaAt);
            int width = Page.deadlineWidth(page);
            boolean isNone = width == 0 || Words.endingAt(page, metaAt + Page.versionWidth(page) + width, width) == 0;
            require(isNone || (deadline >= base && deadline < RadixTree.NEVER), "the deadline of entry", i);
            int slot = Page.slot(page, metaAt);
            if (slot >= 0) {
                require(slot == slots++, "the slot of entry", i);
                int inline = Page.entryEnd(page, i) - metaAt - Page.metaWidth(page);
                require(inline == 0, "two values of entry", i);
                byte @Nullable [][] outside = big;
                require(
                        outside != null && slot < outside.length && outside[slot].length > Page.INLINE_BYTES_MAX,
                        "the big value of entry",
                        i);
            }
        }
        require(Page.hasBig(page) == slots > 0 && slots == (big == null ? 0 : big.length), "its number of big values");
    }
}
