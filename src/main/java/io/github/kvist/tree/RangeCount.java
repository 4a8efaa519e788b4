// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import org.jspecify.annotations.Nullable;

/** Counts without visiting what is counted: by the counts and the deadline bounds that nodes keep. */
final class RangeCount {
    private RangeCount() {}

    /** Entries before a place. */
    static long before(Object root, Path place) {
        if (place.current() == null) {
            return Node.count(root);
        }
        long sum = place.index;
        for (int level = 0; level < place.depth(); level++) {
            Object[] kids = Node.kids(place.node(level));
            for (int i = 0; i < place.slot(level); i++) {
                sum += Node.count(kids[i]);
            }
        }
        return sum;
    }

    static long rank(Object root, byte[] key) {
        Path place = new Path();
        place.seek(root, key);
        return before(root, place);
    }

    /** Entries in a range that are due at an instant. Recursion is on the levels of the tree. */
    static long due(Object root, byte[] from, byte @Nullable [] to, long instant) {
        if (Node.deadline(root) > instant || (to != null && Words.compare(from, to) >= 0)) {
            return 0;
        }
        Path left = new Path();
        left.seek(root, from);
        Path right = null;
        if (to != null) {
            right = new Path();
            right.seek(root, to);
        }
        if (left.current() == null) {
            return 0;
        }
        return due(root, 0, left, right == null || right.current() == null ? null : right, instant);
    }

    private static long due(Object node, int level, @Nullable Path left, @Nullable Path right, long instant) {
        if (Node.deadline(node) > instant) {
            return 0;
        }
        if (BigPage.isLeaf(node)) {
            byte[] page = BigPage.page(node);
            long due = 0;
            int end = right == null ? Page.count(page) : right.index;
            for (int i = left == null ? 0 : left.index; i < end; i++) {
                due += Page.deadline(page, Page.metaAt(page, i)) <= instant ? 1 : 0;
            }
            return due;
        }
        Object[] kids = Node.kids(node);
        int first = left == null ? 0 : left.slot(level);
        int last = right == null ? kids.length - 1 : right.slot(level);
        long due = 0;
        for (int i = first; i <= last; i++) {
            due += due(kids[i], level + 1, i == first ? left : null, i == last ? right : null, instant);
        }
        return due;
    }
}
