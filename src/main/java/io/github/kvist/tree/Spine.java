// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The right edge of a tree that is being built: the radix nodes that may still get children, from the root down.
 *
 * <p>As in the linear construction of a Cartesian tree: a unit that departs at a half byte closes all nodes that test
 * beyond it. A unit is a page, or a run of pages joined by comparison nodes.
 */
final class Spine {
    /** A radix node that is not complete, without its last child. */
    private static final class Open {
        final int position;
        final int gap;
        final int label;
        int[] labels = new int[4];
        Object[] kids = new Object[4];
        int count;

        Open(int position, int gap, int label) {
            this.position = position;
            this.gap = gap;
            this.label = label;
        }

        void add(Object kid, int kidLabel) {
            if (count == kids.length) {
                labels = Arrays.copyOf(labels, 2 * count);
                kids = Arrays.copyOf(kids, 2 * count);
            }
            labels[count] = kidLabel;
            kids[count++] = kid;
        }

        Object close() {
            return Inner.of(null, position, labels, Arrays.copyOf(kids, count));
        }
    }

    private final List<Open> open = new ArrayList<>();

    // The last unit: its leaves, where and with which label it departs from the unit before, where its keys differ
    // first.
    private final List<Object> run = new ArrayList<>();
    private int gap;
    private int label;
    private int spread;

    /** The first half byte at which two different keys differ. */
    static int divergence(byte[] a, int aLength, byte[] b, int bLength) {
        int shared = Math.min(aLength, bLength);
        int common = Words.mismatch(a, 0, b, 0, shared);
        return common < shared && ((a[common] ^ b[common]) & 0xf0) == 0 ? 2 * common + 1 : 2 * common;
    }

    /**
     * Starts a unit.
     *
     * @param from the half byte at which it departs from the unit before, -1 for the first
     * @param atLabel the label of its first key there
     * @param within the half byte at which its first and its last key differ
     */
    void add(Object leaf, int from, int atLabel, int within) {
        if (!run.isEmpty()) {
            attach(from);
        }
        run.add(leaf);
        gap = from;
        label = atLabel;
        spread = within;
        requireNested(from);
    }

    /** Adds a leaf to the last unit. */
    void join(Object leaf, int from, int within) {
        if (run.isEmpty()) {
            throw new IllegalArgumentException("the first page cannot be joined to one before it");
        }
        run.add(leaf);
        spread = Math.min(spread, Math.min(from, within));
        requireNested(gap);
    }

    /** Keys of a page may differ where the node above tests, keys of a run only beyond. */
    private void requireNested(int position) {
        if (run.size() > 1 ? spread <= position : spread < position) {
            throw new IllegalArgumentException(
                    "a page reaches across the place where its neighbour departs: the pages are not those of a tree");
        }
    }

    /** Hangs the last unit into the tree, the next one being known to depart at a half byte. */
    private void attach(int from) {
        requireNested(from);
        Object pending = Sep.over(run);
        run.clear();
        int pendingGap = gap;
        int pendingLabel = label;
        while (!open.isEmpty() && open.get(open.size() - 1).position > from) {
            Open closed = open.remove(open.size() - 1);
            closed.add(pending, pendingLabel);
            pending = closed.close();
            pendingGap = closed.gap;
            pendingLabel = closed.label;
        }
        if (open.isEmpty() || open.get(open.size() - 1).position < from) {
            open.add(new Open(from, pendingGap, pendingLabel));
        }
        open.get(open.size() - 1).add(pending, pendingLabel);
    }

    /** The tree; at least one unit was added. */
    Object finish() {
        attach(-1);
        return Relief.of(open.get(0).kids[0], null);
    }
}
