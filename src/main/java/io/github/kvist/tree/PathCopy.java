// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import org.jspecify.annotations.Nullable;

/**
 * Copies the radix nodes on the way to one key, from the root down, and corrects what they say about their entries.
 *
 * <p>Nodes that belong to the owner are changed in place instead. The change is handed over as plain numbers: an object for
 * it would be a noticeable part of what a put allocates.
 */
final class PathCopy {
    private PathCopy() {}

    /**
     * The tree with one node on the path to a key replaced.
     *
     * @param end the node that is replaced
     * @param made what replaces it
     * @param height the height of {@code made} plus the number of radix nodes above {@code end}
     * @param entries entries more or less
     * @param payload bytes more or less
     * @param earliest the deadline of the entry that came
     * @param gone the deadline of the entry that went; bounds that rest on it are computed anew
     */
    static Object replaced(
            Object root,
            @Nullable Object owner,
            byte[] key,
            Object end,
            Object made,
            int height,
            long entries,
            long payload,
            long earliest,
            long gone) {
        if (root == end) {
            return made;
        }
        Inner top = ((Inner) root).own(owner);
        top.account(entries, payload, earliest);
        top.raise(height);
        Inner copy = top;
        int copies = 1;
        while (true) {
            int slot = copy.slot(key);
            Object kid = copy.kids[slot];
            if (kid == end) {
                copy.kids[slot] = made;
                break;
            }
            Inner next = ((Inner) kid).own(owner);
            next.account(entries, payload, earliest);
            next.raise(height - copies++);
            copy.kids[slot] = next;
            copy = next;
        }
        if (gone != RadixTree.NEVER && gone < earliest) {
            tighten(top, key, gone, copies);
        }
        return top;
    }

    /** Computes the bounds of the copied nodes anew that may rest on an entry that went, from the lowest up. */
    private static void tighten(Inner node, byte[] key, long gone, int copies) {
        if (node.deadline != gone) {
            return;
        }
        if (copies > 1) {
            tighten((Inner) node.kids[node.slot(key)], key, gone, copies - 1);
        }
        node.tighten();
    }
}
