// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.List;

/**
 * A node that compares whole keys, as in a B-tree: bounds the depth where the keys would make radix nodes a chain.
 *
 * <p>Below it are nodes of its kind and leaves only. It never changes. {@code separators[i]} is above all keys of child
 * {@code i} and not above any of child {@code i + 1}.
 */
final class Sep {
    static final int KIDS_MAX = 16;

    /** Children per node when built from scratch: some room is left. */
    private static final int KIDS_BUILT = 12;

    final byte[][] separators;
    final Object[] kids;
    final long count;
    final long bytes;
    final long deadline;

    Sep(byte[][] separators, Object[] kids) {
        long entries = 0;
        long payload = 0;
        long earliest = RadixTree.NEVER;
        for (Object kid : kids) {
            entries += Node.count(kid);
            payload += Node.bytes(kid);
            earliest = Math.min(earliest, Node.deadline(kid));
        }
        this.separators = separators;
        this.kids = kids;
        this.count = entries;
        this.bytes = payload;
        this.deadline = earliest;
    }

    /** The index of the child that owns a key. */
    int slot(byte[] key) {
        int low = 0;
        int high = separators.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Words.compare(key, separators[middle]) < 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Some of the children as one node; a single child stands for itself. */
    Object part(int from, int to) {
        if (to - from == 1) {
            return kids[from];
        }
        byte[][] between = new byte[to - from - 1][];
        System.arraycopy(separators, from, between, 0, between.length);
        Object[] part = new Object[to - from];
        System.arraycopy(kids, from, part, 0, part.length);
        return new Sep(between, part);
    }

    /** The smallest tree of these nodes over neighbouring nodes of equal depth, at least one. */
    static Object over(List<Object> nodes) {
        Object[] level = nodes.toArray();
        while (level.length > 1) {
            int groups = (level.length + KIDS_BUILT - 1) / KIDS_BUILT;
            Object[] above = new Object[groups];
            Sep all = all(level);
            for (int i = 0; i < groups; i++) {
                above[i] = all.part(all.kids.length * i / groups, all.kids.length * (i + 1) / groups);
            }
            level = above;
        }
        return level[0];
    }

    private static Sep all(Object[] level) {
        byte[][] separators = new byte[level.length - 1][];
        for (int i = 0; i < separators.length; i++) {
            separators[i] = between(level[i], level[i + 1]);
        }
        return new Sep(separators, level);
    }

    /** The shortest key that is above all of one node and not above any of the next. */
    static byte[] between(Object left, Object right) {
        byte[] below = last(left);
        byte[] above = first(right);
        int common = Words.mismatch(below, 0, above, 0, Math.min(below.length, above.length));
        byte[] separator = new byte[common + 1];
        System.arraycopy(above, 0, separator, 0, common + 1);
        return separator;
    }

    static byte[] first(Object root) {
        Object node = root;
        while (!BigPage.isLeaf(node)) {
            node = Node.kids(node)[0];
        }
        return Page.key(BigPage.page(node), 0);
    }

    static byte[] last(Object root) {
        Object node = root;
        while (!BigPage.isLeaf(node)) {
            Object[] kids = Node.kids(node);
            node = kids[kids.length - 1];
        }
        byte[] page = BigPage.page(node);
        return Page.key(page, Page.count(page) - 1);
    }
}
