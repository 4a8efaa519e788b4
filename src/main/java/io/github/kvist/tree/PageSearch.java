// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

/** Finds keys in a page: by fingerprint when a key is wanted, by order when a place is. */
final class PageSearch {
    /** No divergence: the key can lie among the entries of the page. */
    static final int NOWHERE = Integer.MAX_VALUE;

    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    private PageSearch() {}

    /** The index of a key, or -1. */
    static int find(byte[] page, byte[] key) {
        int n = Page.count(page);
        int at = Page.fingerprintsAt(page);
        long wanted = (Words.fingerprint(key, 0, key.length) & 0xff) * ONES;
        for (int i = 0; i < n; i += 8) {
            long different = Words.int64(page, at + i) ^ wanted;
            // Marks zero bytes, and perhaps some above the first one, which the comparison of keys then refuses.
            long hits = (different - ONES) & ~different & TOPS;
            while (hits != 0) {
                int hit = i + (Long.numberOfTrailingZeros(hits) >>> 3);
                if (hit >= n) {
                    return -1;
                }
                if (holds(page, hit, key)) {
                    return hit;
                }
                hits &= hits - 1;
            }
        }
        return -1;
    }

    static boolean holds(byte[] page, int i, byte[] key) {
        int prefix = Page.prefixLength(page);
        int n = Page.count(page);
        int flags = page[0];
        int at = fingerprintsAt(flags) + n;
        int suffixAt;
        int suffix;
        if ((flags & Page.UNIFORM) != 0) {
            suffix = Page.uniformSuffix(page);
            suffixAt = at + prefix + i * Page.stride(page);
        } else {
            suffixAt = Words.uint16(page, at + 2 * i);
            suffix = page[suffixAt++];
            if (suffix < 0) {
                suffix = ((suffix & 0x7f) << 8) | (page[suffixAt++] & 0xff);
            }
            at += 2 * n;
        }
        return key.length == prefix + suffix
                && Words.equal(key, prefix, page, suffixAt, suffix)
                && Words.equal(key, 0, page, at, prefix);
    }

    private static int fingerprintsAt(int flags) {
        return Page.HEADER_BYTES + ((flags & Page.DEADLINES) << 2);
    }

    /** The index of a key, or {@code -1 - i} if it is absent and {@code i} entries are below it. */
    static int search(byte[] page, byte[] key) {
        int prefix = Page.prefixLength(page);
        int prefixAt = Page.prefixAt(page);
        int order = Words.compare(key, 0, Math.min(prefix, key.length), page, prefixAt, prefix);
        if (order != 0) {
            return order < 0 ? -1 : -1 - Page.count(page);
        }
        return searchSuffix(page, key);
    }

    /** As {@link #search}, for a key that starts with the page's prefix. */
    static int searchSuffix(byte[] page, byte[] key) {
        int prefix = Page.prefixLength(page);
        int rest = key.length - prefix;
        int low = 0;
        int high = Page.count(page) - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Words.compare(
                    key, prefix, rest, page, Page.suffixAt(page, middle), Page.suffixLength(page, middle));
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return -1 - low;
    }

    /** How many entries are below a key. */
    static int below(byte[] page, byte[] key) {
        int found = search(page, key);
        return found < 0 ? -1 - found : found;
    }

    /** The order of a key against one entry. */
    static int compare(byte[] key, byte[] page, int i) {
        return compare(key, 0, key.length, page, i);
    }

    /** As above, for a key inside an array. */
    static int compare(byte[] array, int at, int length, byte[] page, int i) {
        int prefix = Page.prefixLength(page);
        int order = Words.compare(array, at, Math.min(prefix, length), page, Page.prefixAt(page), prefix);
        if (order != 0) {
            return order;
        }
        return Words.compare(
                array, at + prefix, length - prefix, page, Page.suffixAt(page, i), Page.suffixLength(page, i));
    }

    /** The order of an entry against one of another page. */
    static int compare(byte[] a, int i, byte[] b, int j) {
        int headA = Page.prefixLength(a);
        int headB = Page.prefixLength(b);
        int lengthA = Page.keyLength(a, i);
        int lengthB = Page.keyLength(b, j);
        int both = Math.min(lengthA, lengthB);
        int at = 0;
        while (at < both) {
            int run = Math.min(at < headA ? headA - at : both - at, at < headB ? headB - at : both - at);
            int placeA = at < headA ? Page.prefixAt(a) + at : Page.suffixAt(a, i) + at - headA;
            int placeB = at < headB ? Page.prefixAt(b) + at : Page.suffixAt(b, j) + at - headB;
            int order = Words.compare(a, placeA, run, b, placeB, run);
            if (order != 0) {
                return order;
            }
            at += run;
        }
        return lengthA - lengthB;
    }

    /**
     * The half byte at which a key leaves what all entries of a page share, or {@link #NOWHERE}.
     *
     * <p>Prefixes are whole bytes, positions of nodes are half bytes: where the node above tests the second half of the
     * byte after the prefix, the first half is shared too, and is compared.
     *
     * @param needed how many half bytes the node above makes all keys of the page share
     */
    static int divergence(byte[] page, byte[] key, int needed) {
        int prefix = Page.prefixLength(page);
        int prefixAt = Page.prefixAt(page);
        int common = Words.mismatch(key, 0, page, prefixAt, Math.min(prefix, key.length));
        if (common < prefix) {
            int position = 2 * common;
            return common < key.length && ((key[common] ^ page[prefixAt + common]) & 0xf0) == 0
                    ? position + 1
                    : position;
        }
        int position = 2 * prefix;
        return needed > position && Inner.label(key, position) != Page.label(page, 0, position) ? position : NOWHERE;
    }
}
