// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks two trees side by side in key order and skips whatever they share.
 *
 * <p>Of two subtrees that are not the same one, the larger is opened: a shared subtree is then found wherever it hangs,
 * even if the nodes above it differ.
 */
final class Diff {
    private final Side left;
    private final Side right;

    private Diff(Side left, Side right) {
        this.left = left;
        this.right = right;
    }

    /** Returns whether the visitor wanted to go on to the end. */
    static boolean walk(Object a, Object b, byte[] from, byte @Nullable [] to, DiffVisitor visitor) {
        if (a == b || (to != null && Words.compare(from, to) >= 0)) {
            return true;
        }
        return new Diff(new Side(a, from, to), new Side(b, from, to)).run(visitor);
    }

    private boolean run(DiffVisitor visitor) {
        while (left.subtree() != null || right.subtree() != null) {
            if (left.subtree() == right.subtree()) {
                // A leaf of both was entered at the same entry on both sides, since all keys before it have been
                // compared.
                left.skip();
                right.skip();
            } else if (left.isLeaf() && right.isLeaf()) {
                if (!compare(visitor)) {
                    return false;
                }
            } else {
                open();
            }
        }
        return true;
    }

    private void open() {
        long onLeft = left.size();
        long onRight = right.size();
        if (onLeft >= onRight) {
            left.open();
        }
        if (onRight >= onLeft) {
            right.open();
        }
    }

    /** Compares the next entries of two leaves, one of which may be missing. */
    private boolean compare(DiffVisitor visitor) {
        int order = left.subtree() == null ? 1 : right.subtree() == null ? -1 : left.compareKey(right);
        TreeEntry before = order <= 0 ? left.entry() : null;
        TreeEntry after = order >= 0 ? right.entry() : null;
        boolean goOn = true;
        if (before == null || after == null || !before.same(after)) {
            goOn = visitor.visit(order <= 0 ? left.key() : right.key(), before, after);
        }
        if (order <= 0) {
            left.next();
        }
        if (order >= 0) {
            right.next();
        }
        return goOn;
    }

    /** A place in one of the trees, which ends with the range. */
    private static final class Side {
        private final Path path = new Path();
        private final byte @Nullable [] to;

        /** In a leaf: where the range ends. */
        private int end;

        Side(Object root, byte[] from, byte @Nullable [] to) {
            this.to = to;
            if (from.length == 0) {
                path.whole(root);
            } else {
                path.seek(root, from);
            }
            arrive();
        }

        @Nullable
        Object subtree() {
            return path.current();
        }

        /** Whether there is nothing to open; also at the end. */
        boolean isLeaf() {
            return path.current() == null || BigPage.isLeaf(path.current());
        }

        /** How many entries there are to open. */
        long size() {
            Object node = path.current();
            return node == null || BigPage.isLeaf(node) ? 0 : Node.count(node);
        }

        void open() {
            path.open();
            arrive();
        }

        void skip() {
            path.skip();
            arrive();
        }

        void next() {
            path.index++;
            if (path.index < end) {
                return;
            }
            if (end < Page.count(page())) {
                path.end();
            } else {
                skip();
            }
        }

        /** In a leaf, finds the end of the range; a leaf beyond it ends the walk. */
        private void arrive() {
            Object node = path.current();
            if (node == null || !BigPage.isLeaf(node)) {
                return;
            }
            byte[] page = BigPage.page(node);
            end = Page.count(page);
            byte[] limit = to;
            if (limit != null && end > 0 && PageSearch.compare(limit, page, end - 1) <= 0) {
                end = PageSearch.below(page, limit);
            }
            if (path.index >= end) {
                path.end();
            }
        }

        private Object leaf() {
            return Objects.requireNonNull(path.current());
        }

        private byte[] page() {
            return BigPage.page(leaf());
        }

        byte[] key() {
            return Page.key(page(), path.index);
        }

        TreeEntry entry() {
            return TreeEntry.at(leaf(), path.index);
        }

        int compareKey(Side other) {
            return PageSearch.compare(page(), path.index, other.page(), other.path.index);
        }
    }
}
