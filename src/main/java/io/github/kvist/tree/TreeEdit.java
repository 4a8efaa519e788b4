// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

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
        int needed = last == null ? 0 : last.position() + (node == leaf ? 0 : 1);
        int away = PageSearch.divergence(page, key, needed);
        if (away < needed) {
            return beside(root, owner, away, page, key, value, at, length, version, deadline);
        }
        int found = away == PageSearch.NOWHERE ? PageSearch.searchSuffix(page, key) : PageSearch.search(page, key);
        PathCopy path;
        if (found < 0) {
            path = new PathCopy(owner, 1, (long) key.length + length, deadline, RadixTree.NEVER);
        } else {
            long growth = (long) length - Page.valueLength(page, BigPage.big(leaf), found);
            path = new PathCopy(owner, 0, growth, deadline, Page.deadline(page, Page.metaAt(page, found)));
        }
        Object made = null;
        if (node instanceof Sep sep) {
            made = SepEdit.put(sep, key, value, at, length, version, deadline);
        } else if (found >= 0) {
            made = PageSplice.replace(page, found, value, at, length, version, deadline);
        } else if (away == PageSearch.NOWHERE) {
            made = PageSplice.insert(page, -1 - found, key, value, at, length, version, deadline);
        }
        if (made != null) {
            descend(path, root, last, key, depth, 0);
            return finish(path, last, owner, key, made);
        }
        Draft draft = Leaf.draft(leaf, found, key, value, at, length, version, deadline);
        try {
            return repack(path, root, last, owner, key, depth, draft, Leaf.aim(found, draft.count()));
        } finally {
            draft.release();
        }
    }

    /** Replaces the page at the end of the path by what a draft makes of it. */
    private static Object repack(
            PathCopy path,
            Object root,
            @Nullable Inner last,
            @Nullable Object owner,
            byte[] key,
            int depth,
            Draft draft,
            int aim) {
        int n = draft.count();
        boolean fits = draft.fits(0, n);
        if (fits || last == null || draft.label(0, last.position()) == draft.label(n - 1, last.position())) {
            Object made = fits ? draft.write(0, n) : PageSplit.tree(draft, owner, 0, n, aim);
            descend(path, root, last, key, depth, Node.height(made));
            return finish(path, last, owner, key, made);
        }
        PageSplit split = PageSplit.at(draft, owner, last.position(), 0, n, aim);
        Object[] kids = split.kids();
        int height = 0;
        for (Object kid : kids) {
            height = Math.max(height, Node.height(kid));
        }
        descend(path, root, last, key, depth, height);
        path.put(last.own(owner, last.slot(key), split.labels(), kids), height + 1);
        return path.finish();
    }

    /** Copies the path down to, and without, a node at some depth, which from now on has some height. */
    private static void descend(PathCopy path, Object root, @Nullable Object end, byte[] key, int depth, int height) {
        Object node = root;
        int below = depth + height;
        while (node != end && node instanceof Inner inner) {
            node = path.enter(inner, inner.slot(key), below--);
        }
    }

    private static Object finish(PathCopy path, @Nullable Inner last, @Nullable Object owner, byte[] key, Object made) {
        if (last == null) {
            path.set(made);
        } else {
            Inner copy = last.own(owner);
            copy.kids[copy.slot(key)] = made;
            path.put(copy, Node.height(made) + 1);
        }
        return path.finish();
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
        Object made = draft.write(0, 1);
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
        Object[] kids = label < other ? new Object[] {made, node} : new Object[] {node, made};
        PathCopy path = new PathCopy(owner, 1, (long) key.length + length, deadline, RadixTree.NEVER);
        if (above != null && above.position() == away) {
            descend(path, root, above, key, 0, 0);
            path.put(above.own(owner, above.slot(key), labels, kids), 0);
        } else {
            descend(path, root, node, key, depth, Node.height(node) + 1);
            path.set(Inner.of(owner, away, labels, kids));
        }
        return path.finish();
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
        long payload = (long) key.length + Page.valueLength(page, BigPage.big(leaf), i);
        long gone = Page.deadline(page, Page.metaAt(page, i));
        Object rest = node instanceof Sep ? SepEdit.delete(node, key) : Leaf.without(leaf, i, i + 1);
        PathCopy path = new PathCopy(owner, -1, -payload, RadixTree.NEVER, gone);
        descend(path, root, last, key, 0, 0);
        if (last == null) {
            path.set(rest == null ? Page.EMPTY : rest);
            return path.finish();
        }
        shrink(path, last, owner, last.slot(key), rest);
        return path.finish();
    }

    /** Replaces a child by what is left of it, which may be nothing or fit into a neighbour. */
    private static void shrink(PathCopy path, Inner inner, @Nullable Object owner, int slot, @Nullable Object rest) {
        if (rest != null && Leaf.isSmall(rest)) {
            for (int left = Math.max(slot - 1, 0); left <= Math.min(slot, inner.kids.length - 2); left++) {
                Object merged =
                        left == slot ? Leaf.merged(rest, inner.kids[slot + 1]) : Leaf.merged(inner.kids[left], rest);
                if (merged != null) {
                    unite(path, inner, owner, left, merged);
                    return;
                }
            }
        }
        if (rest != null) {
            Inner copy = inner.own(owner);
            copy.kids[slot] = rest;
            path.put(copy, 0);
        } else if (inner.kids.length == 2) {
            path.set(inner.kids[1 - slot]);
        } else {
            path.put(inner.without(owner, slot), 0);
        }
    }

    /** Replaces a child and its right neighbour by one node. */
    private static void unite(PathCopy path, Inner inner, @Nullable Object owner, int left, Object merged) {
        if (inner.kids.length == 2) {
            path.set(merged);
            return;
        }
        Inner copy = inner.without(owner, left + 1);
        copy.kids[left] = merged;
        path.put(copy, 0);
    }
}
