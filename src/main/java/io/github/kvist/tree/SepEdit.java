// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Put and delete below a comparison node.
 *
 * <p>Recursion is on its levels, about the logarithm of the number of pages. Such nodes stand for hostile keys only, so
 * this is written for clearness, not for speed.
 */
final class SepEdit {
    private static final byte[] NONE = {};

    private SepEdit() {}

    static Object put(Sep sep, byte[] key, byte[] value, int at, int length, long version, long deadline) {
        return Sep.over(parts(sep, key, value, at, length, version, deadline));
    }

    /** The node with the entry, as several nodes of its level if it grew too large. */
    private static List<Object> parts(
            Object node, byte[] key, byte[] value, int at, int length, long version, long deadline) {
        if (!(node instanceof Sep sep)) {
            int found = PageSearch.search(BigPage.page(node), key);
            Draft draft = Leaf.draft(node, found, key, value, at, length, version, deadline);
            List<Object> pages = new ArrayList<>();
            cut(draft, 0, draft.count(), pages);
            draft.release();
            return pages;
        }
        int slot = sep.slot(key);
        List<Object> parts = parts(sep.kids[slot], key, value, at, length, version, deadline);
        Sep changed = replace(sep, slot, slot + 1, parts);
        int n = changed.kids.length;
        return n <= Sep.KIDS_MAX ? List.of(changed) : List.of(changed.part(0, n / 2), changed.part(n / 2, n));
    }

    private static void cut(Draft draft, int from, int to, List<Object> pages) {
        if (draft.fits(from, to)) {
            pages.add(draft.write(from, to));
            return;
        }
        int middle = (from + to) >>> 1;
        cut(draft, from, middle, pages);
        cut(draft, middle, to, pages);
    }

    /** What is left without a key that is there, null if nothing is. */
    static @Nullable Object delete(Object node, byte[] key) {
        if (!(node instanceof Sep sep)) {
            int i = PageSearch.find(BigPage.page(node), key);
            return Leaf.without(node, i, i + 1);
        }
        int slot = sep.slot(key);
        Object rest = delete(sep.kids[slot], key);
        int from = slot;
        int to = slot + 1;
        if (rest != null && Leaf.isSmall(rest)) {
            Object merged = slot > 0 ? Leaf.merged(sep.kids[slot - 1], rest) : null;
            if (merged != null) {
                rest = merged;
                from--;
            } else if (to < sep.kids.length) {
                merged = Leaf.merged(rest, sep.kids[to]);
                if (merged != null) {
                    rest = merged;
                    to++;
                }
            }
        }
        Sep changed = replace(sep, from, to, rest == null ? List.of() : List.of(rest));
        return changed.part(0, changed.kids.length);
    }

    /** A copy with some children replaced by others, which may be none if any child remains. */
    private static Sep replace(Sep sep, int from, int to, List<Object> by) {
        List<Object> kids = new ArrayList<>();
        List<byte[]> separators = new ArrayList<>();
        for (int i = 0; i < from; i++) {
            kids.add(sep.kids[i]);
            separators.add(i == 0 ? NONE : sep.separators[i - 1]);
        }
        for (int i = 0; i < by.size(); i++) {
            separators.add(
                    i == 0 ? (from == 0 ? NONE : sep.separators[from - 1]) : Sep.between(by.get(i - 1), by.get(i)));
            kids.add(by.get(i));
        }
        for (int i = to; i < sep.kids.length; i++) {
            kids.add(sep.kids[i]);
            separators.add(sep.separators[i - 1]);
        }
        return new Sep(separators.subList(1, kids.size()).toArray(byte[][]::new), kids.toArray());
    }
}
