// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.function.Consumer;

/** Finds the entries with a deadline at or before an instant, by the bounds that nodes and pages keep. */
final class DueEntries {
    private final long instant;
    private long visited;

    DueEntries(long instant) {
        this.instant = instant;
    }

    /** Shows the key of each due entry, in key order, as a fresh copy. Recursion is on the levels of the tree. */
    void visit(Object node, Consumer<byte[]> due) {
        visited++;
        if (Node.deadline(node) > instant) {
            return;
        }
        if (!BigPage.isLeaf(node)) {
            for (Object kid : Node.kids(node)) {
                visit(kid, due);
            }
            return;
        }
        byte[] page = BigPage.page(node);
        for (int i = 0; i < Page.count(page); i++) {
            if (Page.deadline(page, Page.metaAt(page, i)) <= instant) {
                due.accept(Page.key(page, i));
            }
        }
    }

    /** How many nodes and pages were looked at. */
    long visited() {
        return visited;
    }
}
