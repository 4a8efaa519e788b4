// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Removes a range by cutting off the subtrees between two paths and mending the paths.
 *
 * <p>Recursion is on the levels of the tree, whose number is bounded (see {@link Relief}).
 */
final class RangeCut {
    private final @Nullable Object owner;

    private RangeCut(@Nullable Object owner) {
        this.owner = owner;
    }

    static Object cut(Object root, @Nullable Object owner, byte[] from, byte @Nullable [] to) {
        Path left = new Path();
        left.seek(root, from);
        Path right = null;
        if (to != null) {
            right = new Path();
            right.seek(root, to);
        }
        if (left.current() == null
                || (to != null && Words.compare(from, to) >= 0)
                || (right != null && right.current() == left.current() && right.index == left.index)) {
            return root;
        }
        boolean toEnd = right == null || right.current() == null;
        Object rest = new RangeCut(owner).rest(root, 0, left, toEnd ? null : right);
        return rest == null ? Page.EMPTY : rest;
    }

    /**
     * What is left of a subtree.
     *
     * @param left where the range starts; null: before this subtree
     * @param right where it ends; null: behind this subtree
     */
    private @Nullable Object rest(Object node, int level, @Nullable Path left, @Nullable Path right) {
        if (BigPage.isLeaf(node)) {
            int n = Page.count(BigPage.page(node));
            return Leaf.without(node, left == null ? 0 : left.index, right == null ? n : right.index);
        }
        Object[] kids = Node.kids(node);
        int first = left == null ? -1 : left.slot(level);
        int last = right == null ? kids.length : right.slot(level);
        Object[] kept = kids.clone();
        if (first == last) {
            kept[first] = rest(kids[first], level + 1, left, right);
            return assemble(node, kept);
        }
        Arrays.fill(kept, first + 1, last, null);
        Object before = first < 0 ? null : rest(kids[first], level + 1, left, null);
        Object after = last == kids.length ? null : rest(kids[last], level + 1, null, right);
        Object merged = (before == null || after == null) ? null : Leaf.merged(before, after);
        if (first >= 0) {
            kept[first] = merged == null ? before : merged;
        }
        if (last < kids.length) {
            kept[last] = merged == null ? after : null;
        }
        return assemble(node, kept);
    }

    /** A node with the children that are not null; a single one stands for itself. */
    private @Nullable Object assemble(Object node, @Nullable Object[] kept) {
        int n = 0;
        for (Object kid : kept) {
            n += kid == null ? 0 : 1;
        }
        Object[] kids = new Object[n];
        int[] slots = new int[n];
        n = 0;
        for (int i = 0; i < kept.length; i++) {
            Object kid = kept[i];
            if (kid != null) {
                slots[n] = i;
                kids[n++] = kid;
            }
        }
        if (n <= 1) {
            return n == 0 ? null : kids[0];
        }
        if (node instanceof Inner inner) {
            int[] labels = new int[n];
            for (int i = 0; i < n; i++) {
                labels[i] = inner.labelAt(slots[i]);
            }
            return Inner.of(owner, inner.position(), labels, kids);
        }
        byte[][] separators = new byte[n - 1][];
        for (int i = 1; i < n; i++) {
            separators[i - 1] = ((Sep) node).separators[slots[i] - 1];
        }
        return new Sep(separators, kids);
    }
}
