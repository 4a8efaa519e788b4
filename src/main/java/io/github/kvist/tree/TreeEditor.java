// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Changes a tree step by step: reads its own writes, and never touches the tree it started from.
 *
 * <p>Radix nodes that it made since the last {@link #freeze} it changes in place, and where many puts meet they wait in
 * {@link Bucket}s. Used by one thread at a time.
 */
public final class TreeEditor {
    /** So many puts come before the first bucket, and more into a large tree, where they seldom meet in one page. */
    private static final int BUCKETS_AFTER = 64;

    private static final int BUCKETS_SHARE = 16;

    private Object root;

    /** Marks the nodes that may be changed in place; null until the first change after a freeze. */
    private @Nullable Object token;

    /** Puts left before the next one may open a bucket. */
    private long putsToBuckets;

    private boolean hasBuckets;

    /** Whether nobody else reads any page. */
    private boolean isAlone;

    TreeEditor(Object root, boolean isAlone) {
        this.root = root;
        this.isAlone = isAlone;
    }

    /**
     * Puts an entry; key and value are copied.
     *
     * @throws IllegalArgumentException if the key is longer than {@link RadixTree#KEY_BYTES_MAX}
     */
    public void put(byte[] key, byte[] value, int offset, int length, long version, long deadline) {
        check(key, value, offset, length);
        if (isAlone && overwrites(key, value, offset, length, version, deadline)) {
            return;
        }
        Object mark = token();
        if (putsToBuckets-- > 0) {
            root = TreeEdit.put(root, mark, key, value, offset, length, version, deadline);
            return;
        }
        hasBuckets = true;
        root = BucketEdit.put(root, mark, key, value, offset, length, version, deadline);
        if (!BucketEdit.isFor(root)) {
            settle();
            putsToBuckets = Long.MAX_VALUE;
        }
    }

    private boolean overwrites(byte[] key, byte[] value, int offset, int length, long version, long deadline) {
        if (!(Node.leaf(root, key) instanceof byte[] page)) {
            return false;
        }
        int i = PageSearch.find(page, key);
        return i >= 0 && PageSplice.overwrite(page, i, value, offset, length, version, deadline);
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
        Object mark = token();
        if (hasBuckets) {
            root = BucketEdit.settled(root, mark, key);
        }
        long before = Node.count(root);
        root = TreeEdit.delete(root, mark, key);
        return Node.count(root) < before;
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
        // What the walk stands on never changes: the editor copies the path to each key.
        RadixTree present = freeze();
        new DueEntries(instant).visit(present.root, this::delete);
        return present.count() - count();
    }

    private Object token() {
        Object mark = token;
        if (mark == null) {
            mark = new Object();
            token = mark;
            putsToBuckets =
                    BucketEdit.isFor(root) ? Math.max(BUCKETS_AFTER, Node.count(root) / BUCKETS_SHARE) : Long.MAX_VALUE;
        }
        return mark;
    }

    private void settle() {
        if (hasBuckets) {
            root = BucketEdit.settled(root, token());
            hasBuckets = false;
        }
    }

    /** As {@link RadixTree#get}, own writes included. */
    public @Nullable TreeEntry get(byte[] key) {
        Object leaf = Node.leaf(root, key);
        TreeEntry waiting = leaf instanceof Bucket bucket ? bucket.find(key) : null;
        return waiting == null ? TreeEntry.find(Bucket.base(leaf), key) : waiting;
    }

    public boolean contains(byte[] key) {
        return get(key) != null;
    }

    /** Entries; after a long run of puts this costs as much as sorting in those that wait, as does {@link #bytes}. */
    public long count() {
        settle();
        return Node.count(root);
    }

    public long bytes() {
        settle();
        return Node.bytes(root);
    }

    /** The present state, which never changes; the editor goes on from it. Costs O(1), more after a long run of puts. */
    public RadixTree freeze() {
        settle();
        // Whatever carries the old token is published now: nobody holds that token any more.
        token = null;
        isAlone = false;
        return new RadixTree(root);
    }
}
