// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Copies the radix nodes on the way to one key, from the root down, and corrects what they say about their entries.
 *
 * <p>Nodes that belong to the owner are changed in place instead.
 */
final class PathCopy {
    private final @Nullable Object owner;
    private final long entries;
    private final long payload;
    private final long earliest;

    /** The deadline of an entry that went; bounds that may rest on it are recomputed at the end. */
    private final long gone;

    private @Nullable Object root;
    private @Nullable Inner parent;
    private int slot;
    private Inner @Nullable [] stale;
    private int staleCount;

    /**
     * @param entries entries more or less
     * @param payload bytes more or less
     * @param earliest the deadline of an entry that came
     * @param gone the deadline of an entry that went
     */
    PathCopy(@Nullable Object owner, long entries, long payload, long earliest, long gone) {
        this.owner = owner;
        this.entries = entries;
        this.payload = payload;
        this.earliest = earliest;
        this.gone = earliest <= gone ? RadixTree.NEVER : gone;
    }

    /** Goes on below a node: its copy is in place, and the child under that slot is next. */
    Object enter(Inner node, int below, int height) {
        Inner copy = node.own(owner);
        put(copy, height);
        parent = copy;
        slot = below;
        return copy.kids[below];
    }

    /** Puts a radix node that already is a copy where the path stands, and accounts for the change in it. */
    void put(Inner copy, int height) {
        if (gone != RadixTree.NEVER && copy.deadline == gone) {
            note(copy);
        }
        copy.account(entries, payload, earliest);
        copy.raise(height);
        set(copy);
    }

    private void note(Inner copy) {
        Inner[] noted = stale;
        if (noted == null) {
            noted = new Inner[8];
        } else if (staleCount == noted.length) {
            noted = Arrays.copyOf(noted, 2 * staleCount);
        }
        noted[staleCount++] = copy;
        stale = noted;
    }

    /** Puts a node where the path stands. */
    void set(Object node) {
        if (parent == null) {
            root = node;
        } else {
            parent.kids[slot] = node;
        }
    }

    /** The changed tree. */
    Object finish() {
        Inner[] noted = stale;
        if (noted != null) {
            for (int i = staleCount - 1; i >= 0; i--) {
                noted[i].tighten();
            }
        }
        return Relief.of(root == null ? Page.EMPTY : root, owner);
    }
}
