// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Changes a tree step by step: reads its own writes, and never touches the tree it started from.
 *
 * <p>Radix nodes that it made since the last {@link #freeze} it changes in place. Used by one thread at a time.
 */
public final class TreeEditor {
    private Object root;

    /** Marks the nodes that may be changed in place; null until the first change after a freeze. */
    private @Nullable Object token;

    TreeEditor(Object root) {
        this.root = root;
    }

    /**
     * Puts an entry; key and value are copied.
     *
     * @return true if the key was absent
     * @throws IllegalArgumentException if the key is longer than {@link RadixTree#KEY_BYTES_MAX}
     */
    public boolean put(byte[] key, byte[] value, int offset, int length, long version, long deadline) {
        check(key, value, offset, length);
        long before = count();
        root = TreeEdit.put(root, token(), key, value, offset, length, version, deadline);
        return count() > before;
    }

    static void check(byte[] key, byte[] value, int offset, int length) {
        if (key.length > RadixTree.KEY_BYTES_MAX) {
            throw new IllegalArgumentException("the key has %d bytes, the most is %d: use a shorter key"
                    .formatted(key.length, RadixTree.KEY_BYTES_MAX));
        }
        Objects.checkFromIndexSize(offset, length, value.length);
    }

    /** Deletes a key and returns whether it was there. */
    public boolean delete(byte[] key) {
        long before = count();
        root = TreeEdit.delete(root, token(), key);
        return count() < before;
    }

    /**
     * Deletes all keys of a range by cutting subtrees: costs O(depth) whatever the number of keys.
     *
     * @param to the key before which the range ends; null: to the end
     * @return how many keys were deleted
     */
    public long deleteRange(byte[] from, byte @Nullable [] to) {
        long before = count();
        root = RangeCut.cut(root, token(), from, to);
        return before - count();
    }

    /**
     * Deletes the entries with a deadline at or before an instant: costs O(entries due and the depth of each).
     *
     * @return how many were deleted
     */
    public long deleteDue(long instant) {
        long before = count();
        DueEntries due = new DueEntries(instant);
        // What the walk stands on never changes: the editor copies the path to each key.
        token = null;
        due.visit(root, this::delete);
        return before - count();
    }

    private Object token() {
        Object mark = token;
        if (mark == null) {
            mark = new Object();
            token = mark;
        }
        return mark;
    }

    /** As {@link RadixTree#get}, own writes included. */
    public @Nullable TreeEntry get(byte[] key) {
        return TreeEntry.find(root, key);
    }

    public boolean contains(byte[] key) {
        return PageSearch.find(BigPage.page(Node.leaf(root, key)), key) >= 0;
    }

    public long count() {
        return Node.count(root);
    }

    public long bytes() {
        return Node.bytes(root);
    }

    /** The present state, which never changes; the editor goes on from it. Costs O(1). */
    public RadixTree freeze() {
        // Whatever carries the old token is published now: nobody holds that token any more.
        token = null;
        return new RadixTree(root);
    }
}
