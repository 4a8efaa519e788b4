// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import org.jspecify.annotations.Nullable;

/** Copies of a leaf with a few entries more or less. */
final class Leaf {
    /** Pages that fall below this look for a neighbour to merge with. */
    private static final int ENTRIES_MIN = 8;

    private Leaf() {}

    /** Gathers a leaf and one entry; {@code found} is what {@link PageSearch#search} said about its key. */
    static Draft draft(
            Object leaf, int found, byte[] key, byte[] value, int at, int length, long version, long deadline) {
        Draft draft = Draft.borrow();
        int i = found < 0 ? -1 - found : found;
        draft.add(leaf, 0, i);
        draft.add(key, 0, key.length, value, at, length, version, deadline);
        draft.add(leaf, found < 0 ? i : i + 1, Page.count(BigPage.page(leaf)));
        return draft;
    }

    /** Where a full page is best cut: log-like keys arrive at one end and never come back. */
    static int aim(int found, int entries) {
        int i = found < 0 ? -1 - found : found;
        if (i == entries - 1) {
            return i;
        }
        return i == 0 ? 1 : entries / 2;
    }

    /** The leaf without some of its entries, null if none is left. */
    static @Nullable Object without(Object leaf, int from, int to) {
        byte[] page = BigPage.page(leaf);
        int n = Page.count(page);
        if (from == to) {
            return leaf;
        }
        if (from == 0 && to == n) {
            return null;
        }
        if (to == from + 1) {
            byte[] spliced = PageSplice.remove(page, from);
            if (spliced != null) {
                return spliced;
            }
        }
        Draft draft = Draft.borrow();
        draft.add(leaf, 0, from);
        draft.add(leaf, to, n);
        Object rest = draft.write(0, draft.count());
        draft.release();
        return rest;
    }

    static boolean isSmall(Object node) {
        return BigPage.isLeaf(node) && Page.count(BigPage.page(node)) < ENTRIES_MIN;
    }

    /** Two neighbours as one leaf, null if they are not both leaves or do not fit. */
    static @Nullable Object merged(Object left, Object right) {
        if (!BigPage.isLeaf(left) || !BigPage.isLeaf(right)) {
            return null;
        }
        int n = Page.count(BigPage.page(left));
        int m = Page.count(BigPage.page(right));
        if (!Page.fitsMerged(n + m, 0)) {
            return null;
        }
        Draft draft = Draft.borrow();
        draft.add(left, 0, n);
        draft.add(right, 0, m);
        Object merged = draft.fitsMerged() ? draft.write(0, n + m) : null;
        draft.release();
        return merged;
    }
}
