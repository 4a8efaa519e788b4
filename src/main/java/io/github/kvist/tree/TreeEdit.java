// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Put and delete of one key: find the page and decide first, then copy the path from the root down.
 *
 * <p>Nothing is kept on the way down but the last radix node: the second walk finds the nodes again, in the cache.
 */
final class TreeEdit {
    private TreeEdit() {}

    static Object put(
            Object root,
            @Nullable Object owner,
            byte[] key,
            byte[] value,
            int at,
            int length,
            long version,
            long deadline) {
        Object node = root;
        Inner last = null;
        int depth = 0;
        while (node instanceof Inner inner) {
            last = inner;
            node = last.kids[last.slot(key)];
            depth++;
        }
        Object leaf = Node.leaf(node, key);
        byte[] page = BigPage.page(leaf);
        // All of the page is about to be copied. By fingerprint first: most keys that are put are there already.
        int found = Page.touch(page) ? PageSearch.find(page, key) : -1;
        int away = PageSearch.NOWHERE;
        if (found < 0) {
            int needed = last == null ? 0 : last.position() + (node == leaf ? 0 : 1);
            away = PageSearch.divergence(page, key, needed);
            if (away < needed) {
                return beside(root, owner, away, page, key, value, at, length, version, deadline);
            }
            found = away == PageSearch.NOWHERE ? PageSearch.searchSuffix(page, key) : PageSearch.search(page, key);
        }
        long payload = (long) length - (found < 0 ? -key.length : Page.valueLength(page, BigPage.big(leaf), found));
        long gone = found < 0 ? RadixTree.NEVER : Page.deadline(page, Page.metaAt(page, found));
        Object made = null;
        if (node instanceof Sep sep) {
            made = SepEdit.put(sep, key, value, at, length, version, deadline);
        } else if (found >= 0) {
            made = PageSplice.replace(page, found, value, at, length, version, deadline);
        } else if (away == PageSearch.NOWHERE) {
            made = PageSplice.insert(page, -1 - found, key, value, at, length, version, deadline);
        }
        int entries = found < 0 ? 1 : 0;
        if (made == null) {
            Draft draft = Leaf.draft(leaf, found, key, value, at, length, version, deadline);
            int aim = Leaf.aim(found, draft.count());
            Object changed =
                    replaced(root, owner, key, last, depth, node, draft, aim, entries, payload, deadline, gone);
            draft.release();
            return Relief.of(changed, owner);
        }
        int height = depth + Node.height(made);
        Object changed = PathCopy.replaced(root, owner, key, node, made, height, entries, payload, deadline, gone);
        return Relief.of(changed, owner);
    }

    /**
     * The tree with a leaf replaced by what a draft holds: one page, or, where that does not fit, more children of the node
     * above, or a node over several.
     *
     * @param last the node above the leaf, at this depth; null if the leaf is the tree
     * @param aim the entry nearest to which a page that is too full should be cut
     */
    static Object replaced(
            Object root,
            @Nullable Object owner,
            byte[] key,
            @Nullable Inner last,
            int depth,
            Object leaf,
            Draft draft,
            int aim,
            long entries,
            long payload,
            long earliest,
            long gone) {
        int n = draft.count();
        if (draft.fits(0, n)) {
            Object made = draft.write(0, n);
            return PathCopy.replaced(root, owner, key, leaf, made, depth, entries, payload, earliest, gone);
        }
        if (last == null || !draft.differ(0, n - 1, last.position())) {
            Object made = PageSplit.tree(draft, owner, 0, n, aim);
            int height = depth + Node.height(made);
            return PathCopy.replaced(root, owner, key, leaf, made, height, entries, payload, earliest, gone);
        }
        PageSplit split = PageSplit.at(draft, owner, last.position(), 0, n, aim);
        Inner made = last.own(owner, last.slot(key), split.labels(), split.kids());
        made.account(entries, payload, earliest, gone);
        made.raise(split.height() + 1);
        int height = depth - 1 + made.height();
        return PathCopy.replaced(root, owner, key, last, made, height, entries, payload, earliest, gone);
    }

    /**
     * Puts a key that departs above the page it was led to: beside the topmost node that tests beyond that half byte.
     *
     * <p>A radix node that tests just there gets a child more, out of the range of one whose keys all have another label.
     */
    private static Object beside(
            Object root,
            @Nullable Object owner,
            int away,
            byte[] page,
            byte[] key,
            byte[] value,
            int at,
            int length,
            long version,
            long deadline) {
        Draft draft = Draft.borrow();
        draft.add(key, 0, key.length, value, at, length, version, deadline);
        Object single = draft.write(0, 1);
        draft.release();
        Inner above = null;
        Object node = root;
        int depth = 0;
        while (node instanceof Inner inner && inner.position() <= away) {
            above = inner;
            node = above.kids[above.slot(key)];
            depth++;
        }
        int label = Inner.label(key, away);
        int other = Page.label(page, 0, away);
        int[] labels = {0, Math.max(label, other)};
        Object[] kids = label < other ? new Object[] {single, node} : new Object[] {node, single};
        long payload = (long) key.length + length;
        Inner made;
        if (above != null && above.position() == away) {
            made = above.own(owner, above.slot(key), labels, kids);
            made.account(1, payload, deadline, RadixTree.NEVER);
            node = above;
            depth--;
        } else {
            made = Inner.of(owner, away, labels, kids);
        }
        int height = depth + made.height();
        Object changed = PathCopy.replaced(root, owner, key, node, made, height, 1, payload, deadline, RadixTree.NEVER);
        return Relief.of(changed, owner);
    }

    static Object delete(Object root, @Nullable Object owner, byte[] key) {
        Object node = root;
        Inner last = null;
        while (node instanceof Inner inner) {
            last = inner;
            node = last.kids[last.slot(key)];
        }
        Object leaf = Node.leaf(node, key);
        byte[] page = BigPage.page(leaf);
        int i = PageSearch.find(page, key);
        if (i < 0) {
            return root;
        }
        long payload = -(long) key.length - Page.valueLength(page, BigPage.big(leaf), i);
        long gone = Page.deadline(page, Page.metaAt(page, i));
        Object rest = node instanceof Sep ? SepEdit.delete(node, key) : Leaf.without(leaf, i, i + 1);
        if (last == null) {
            return rest == null ? Page.EMPTY : rest;
        }
        Object end = node;
        Object made = rest;
        if (rest == null || Leaf.isSmall(rest)) {
            Object above = shrunk(last, owner, last.slot(key), rest, payload, gone);
            if (above != null) {
                end = last;
                made = above;
            }
        }
        Objects.requireNonNull(made, "an empty leaf leaves its parent");
        return PathCopy.replaced(root, owner, key, end, made, 0, -1, payload, RadixTree.NEVER, gone);
    }

    /** What becomes of the node above a child of which nothing is left, or little; null if only the child changes. */
    private static @Nullable Object shrunk(
            Inner last, @Nullable Object owner, int slot, @Nullable Object rest, long payload, long gone) {
        Object[] kids = last.kids;
        int dropped = slot;
        Object merged = null;
        if (rest != null) {
            merged = slot == 0 ? null : Leaf.merged(kids[slot - 1], rest);
            if (merged == null && slot + 1 < kids.length) {
                merged = Leaf.merged(rest, kids[++dropped]);
            }
            if (merged == null) {
                return null;
            }
        }
        if (kids.length == 2) {
            return merged == null ? kids[1 - slot] : merged;
        }
        Inner fewer = last.without(owner, dropped);
        if (merged != null) {
            fewer.kids[dropped - 1] = merged;
        }
        fewer.account(-1, payload, RadixTree.NEVER, gone);
        return fewer;
    }
}
