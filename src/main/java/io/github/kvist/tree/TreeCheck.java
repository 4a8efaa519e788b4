// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.Arrays;

/** Checks every invariant of a tree, node by node. Recursion is on the levels of the tree. */
final class TreeCheck {
    private TreeCheck() {}

    static void check(Object root) {
        if (root != Page.EMPTY) {
            node(root, "root", 0, 0);
        }
    }

    private static void require(boolean holds, String where, String what) {
        if (!holds) {
            throw new IllegalStateException(where + ": " + what);
        }
    }

    private static void node(Object node, String where, int shared, int depth) {
        if (node instanceof Inner inner) {
            inner(inner, where, shared, depth);
        } else if (node instanceof Sep sep) {
            sep(sep, where);
        } else {
            leaf(node, where);
        }
        require(shared(node, shared), where, "its keys do not share the first " + shared + " half bytes");
    }

    private static void leaf(Object leaf, String where) {
        try {
            PageCheck.check(BigPage.page(leaf), BigPage.big(leaf));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(where + ": " + e.getMessage(), e);
        }
    }

    private static boolean shared(Object node, int positions) {
        byte[] first = Sep.first(node);
        byte[] last = Sep.last(node);
        int at = positions / 2;
        return Math.min(first.length, last.length) >= at
                && Arrays.equals(first, 0, at, last, 0, at)
                && (positions % 2 == 0
                        || (first.length > at
                                && Inner.label(first, positions - 1) == Inner.label(last, positions - 1)));
    }

    private static void inner(Inner inner, String where, int shared, int depth) {
        int position = inner.position();
        Object[] kids = inner.kids;
        require(kids.length >= 2, where, "fewer than two children");
        require(Integer.bitCount(inner.bits & 0xffff) == kids.length - 1, where, "labels and children do not match");
        require(position >= shared, where, "tests half byte " + position + ", known already");
        require(depth + inner.height() <= Relief.HEIGHT_MAX, where, "too high: " + inner.height());
        long count = 0;
        long bytes = 0;
        for (int i = 0; i < kids.length; i++) {
            Object kid = kids[i];
            String place = where + "/" + position + ":" + i;
            int first = Inner.label(Sep.first(kid), position);
            int last = Inner.label(Sep.last(kid), position);
            require(first <= last && inner.slot(first) == i && inner.slot(last) == i, place, "keys of another range");
            require(BigPage.isLeaf(kid) || first == last, place, "a node with keys of several labels");
            require(Node.height(kid) < inner.height(), place, "higher than the node above knows");
            require(Node.deadline(kid) >= inner.deadline, place, "an earlier deadline than the node above knows");
            node(kid, place, BigPage.isLeaf(kid) ? position : position + 1, depth + 1);
            count += Node.count(kid);
            bytes += Node.bytes(kid);
        }
        require(count == inner.count(), where, "counts " + inner.count() + " entries, holds " + count);
        require(bytes == inner.bytes, where, "counts " + inner.bytes + " bytes, holds " + bytes);
    }

    private static void sep(Sep sep, String where) {
        Object[] kids = sep.kids;
        require(kids.length >= 2 && kids.length <= Sep.KIDS_MAX, where, "so many children: " + kids.length);
        require(sep.separators.length == kids.length - 1, where, "separators and children do not match");
        long count = 0;
        long bytes = 0;
        long deadline = RadixTree.NEVER;
        for (int i = 0; i < kids.length; i++) {
            String place = where + "/sep:" + i;
            require(!(kids[i] instanceof Inner), place, "a radix node under a comparison node");
            require(
                    sep.slot(Sep.first(kids[i])) == i && sep.slot(Sep.last(kids[i])) == i,
                    place,
                    "keys of another range");
            node(kids[i], place, 0, 0);
            count += Node.count(kids[i]);
            bytes += Node.bytes(kids[i]);
            deadline = Math.min(deadline, Node.deadline(kids[i]));
        }
        require(count == sep.count && bytes == sep.bytes && deadline == sep.deadline, where, "its sums are wrong");
    }
}
