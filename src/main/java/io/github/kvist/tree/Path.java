// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in a tree: the nodes from the root to a subtree, and, in a leaf, an index.
 *
 * <p>Changes as it is moved. Used by one thread.
 */
final class Path {
    private Object[] nodes = new Object[8];
    private int[] slots = new int[8];
    private int depth;
    private @Nullable Object current;

    /** The entry in the current leaf, see {@link #seek}. */
    int index;

    /** The subtree this place is at; null: beyond the end, or before the start. */
    @Nullable
    Object current() {
        return current;
    }

    int depth() {
        return depth;
    }

    Object node(int level) {
        return nodes[level];
    }

    int slot(int level) {
        return slots[level];
    }

    /** Goes to a whole tree. */
    void whole(Object root) {
        depth = 0;
        index = 0;
        current = root;
    }

    /** Goes beyond the end. */
    void end() {
        depth = 0;
        current = null;
    }

    void first(Object root) {
        whole(root);
        openFirst();
    }

    void last(Object root) {
        whole(root);
        openLast();
    }

    private void push(Object node, int slot) {
        if (depth == nodes.length) {
            nodes = Arrays.copyOf(nodes, 2 * depth);
            slots = Arrays.copyOf(slots, 2 * depth);
        }
        nodes[depth] = node;
        slots[depth++] = slot;
    }

    /** Goes to the first child of the current node, which is no leaf. */
    void open() {
        Object node = Objects.requireNonNull(current);
        push(node, 0);
        current = Node.kids(node)[0];
    }

    private void openFirst() {
        while (current != null && !BigPage.isLeaf(current)) {
            open();
        }
        index = 0;
    }

    private void openLast() {
        Object node = Objects.requireNonNull(current);
        while (!BigPage.isLeaf(node)) {
            Object[] kids = Node.kids(node);
            push(node, kids.length - 1);
            node = kids[kids.length - 1];
        }
        current = node;
        index = Page.count(BigPage.page(node));
    }

    /** Goes to the subtree after the current one, without opening it. */
    void skip() {
        index = 0;
        while (depth > 0) {
            Object[] kids = Node.kids(nodes[depth - 1]);
            int next = slots[depth - 1] + 1;
            if (next < kids.length) {
                slots[depth - 1] = next;
                current = kids[next];
                return;
            }
            depth--;
        }
        current = null;
    }

    /** Goes to the first entry of the next leaf and returns the leaf, null at the end. */
    @Nullable
    Object nextLeaf() {
        skip();
        openFirst();
        return current;
    }

    /** Goes behind the last entry of the leaf before and returns the leaf, null at the start. */
    @Nullable
    Object previousLeaf() {
        while (depth > 0) {
            if (slots[depth - 1] > 0) {
                int previous = --slots[depth - 1];
                current = Node.kids(nodes[depth - 1])[previous];
                openLast();
                return current;
            }
            depth--;
        }
        current = null;
        return null;
    }

    /**
     * Whether a comparison node joins this leaf, at which the path arrived through {@link #nextLeaf}, to the one before.
     *
     * <p>That node is the lowest one in which the path does not run along the left edge.
     */
    boolean isJoined() {
        for (int level = depth - 1; level >= 0; level--) {
            if (slots[level] > 0) {
                return nodes[level] instanceof Sep;
            }
        }
        return false;
    }

    /** The next child of the node above, null if there is none. */
    @Nullable
    Object sibling(int distance) {
        if (depth == 0) {
            return null;
        }
        Object[] kids = Node.kids(nodes[depth - 1]);
        int slot = slots[depth - 1] + distance;
        return slot >= 0 && slot < kids.length ? kids[slot] : null;
    }

    /** Goes to the first entry that is not below a key; beyond the end if there is none. */
    void seek(Object root, byte[] key) {
        whole(root);
        Object node = root;
        int needed = 0;
        while (node instanceof Inner inner) {
            needed = inner.position();
            int slot = inner.slot(key);
            push(inner, slot);
            node = inner.kids[slot];
        }
        while (node instanceof Sep sep) {
            int slot = sep.slot(key);
            push(sep, slot);
            node = sep.kids[slot];
        }
        current = node;
        byte[] page = BigPage.page(node);
        int away = PageSearch.divergence(page, key, needed);
        if (away < needed) {
            leave(away, Inner.label(key, away) > Page.label(page, 0, away));
            return;
        }
        index = PageSearch.below(page, key);
        if (index == Page.count(page)) {
            nextLeaf();
        }
    }

    /** Goes to the start or behind the end of the largest subtree on the path whose keys share more than some half bytes. */
    private void leave(int position, boolean behind) {
        Object subtree = current;
        while (depth > 0 && !isAbove(depth - 1, position)) {
            subtree = nodes[--depth];
        }
        current = subtree;
        if (behind) {
            skip();
        }
        openFirst();
    }

    /** Whether the subtree under the slot of a node may hold a key that departs at a position. */
    private boolean isAbove(int level, int position) {
        return nodes[level] instanceof Inner inner && inner.position() <= position;
    }
}
