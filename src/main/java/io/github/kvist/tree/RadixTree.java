// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An ordered map from byte keys to byte values that never changes: an edit copies the path to its key and shares the rest.
 *
 * <p>Keys are compared as unsigned bytes, a key before those it is a prefix of. Each entry carries a version and a deadline,
 * which the tree keeps and does not interpret.
 *
 * <p>A radix tree on half bytes over packed pages of up to 24 entries: the burst trie of Heinz, Zobel and Williams ("Burst
 * tries", ACM TOIS 2002) made persistent, with the path compression of Leis, Kemper and Neumann ("The adaptive radix
 * tree", ICDE 2013). Lookup costs O(key length) whatever the number of keys; the depth is bounded whatever the keys.
 *
 * <p>Safe for any number of threads without locks. Arrays that are handed out belong to the tree and are never to be
 * written; bounds and keys that are handed in must not change while the call, or the cursor, uses them.
 */
public final class RadixTree {
    /** The longest key. */
    public static final int KEY_BYTES_MAX = 16_384;

    /** No deadline. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final RadixTree EMPTY = new RadixTree(Page.EMPTY);

    final Object root;

    RadixTree(Object root) {
        this.root = root;
    }

    public static RadixTree empty() {
        return EMPTY;
    }

    /** A builder of a tree from sorted input. */
    public static TreeBuilder builder() {
        return new TreeBuilder();
    }

    /** Entries, due ones included. */
    public long count() {
        return Node.count(root);
    }

    /** Bytes of all keys and values, without what it takes to store them. */
    public long bytes() {
        return Node.bytes(root);
    }

    /** A lower bound of all deadlines, {@link #NEVER} if there is none. */
    public long deadline() {
        return Node.deadline(root);
    }

    /** The entry of a key, null if there is none. Copies nothing; in hot code it allocates nothing either. */
    public @Nullable TreeEntry get(byte[] key) {
        return TreeEntry.find(root, key);
    }

    public boolean contains(byte[] key) {
        return PageSearch.find(BigPage.page(Node.leaf(root, key)), key) >= 0;
    }

    /**
     * The entries of a range in key order.
     *
     * @param from the lowest key; empty: from the start
     * @param to the key before which the range ends; null: to the end
     */
    public TreeCursor forward(byte[] from, byte @Nullable [] to) {
        return new TreeCursor(root, from, to, true);
    }

    /** The entries of the same range from its end to its start. */
    public TreeCursor backward(byte[] from, byte @Nullable [] to) {
        return new TreeCursor(root, from, to, false);
    }

    /** Entries in a range, due ones included; costs O(depth). */
    public long count(byte[] from, byte @Nullable [] to) {
        long end = to == null ? count() : rank(to);
        return from.length == 0 ? end : Math.max(0, end - rank(from));
    }

    /** Keys strictly below a key; costs O(depth). */
    public long rank(byte[] key) {
        return RangeCount.rank(root, key);
    }

    /** Entries in a range with a deadline at or before an instant; costs O(depth + entries due). */
    public long due(byte[] from, byte @Nullable [] to, long instant) {
        return instant == NEVER ? count(from, to) : RangeCount.due(root, from, to, instant);
    }

    /**
     * Shows the key of each entry with a deadline at or before an instant, in key order, as a fresh copy; costs O(entries due and the
     * depth of each).
     */
    public void due(long instant, Consumer<byte[]> visitor) {
        new DueEntries(instant).visit(root, visitor);
    }

    /** An editor that starts from this tree, which stays as it is. */
    public TreeEditor edit() {
        return new TreeEditor(root, false);
    }

    /**
     * An editor that takes this tree over. Nobody else may have the tree, or have it ever again: until the first
     * {@link TreeEditor#freeze} a value is overwritten where it lies if the new one is as long, also in an entry that was found before.
     */
    public TreeEditor take() {
        return new TreeEditor(root, true);
    }

    /**
     * This tree with one entry put, as {@link TreeEditor#put} does it: cheaper than an editor for a single change.
     *
     * @throws IllegalArgumentException if the key is longer than {@link #KEY_BYTES_MAX}
     */
    public RadixTree put(byte[] key, byte[] value, int offset, int length, long version, long deadline) {
        TreeEditor.check(key, value, offset, length);
        return new RadixTree(TreeEdit.put(root, null, key, value, offset, length, version, deadline));
    }

    /** This tree without a key; the same tree if the key is absent. */
    public RadixTree delete(byte[] key) {
        Object rest = TreeEdit.delete(root, null, key);
        return rest == root ? this : new RadixTree(rest);
    }

    /**
     * Whether two trees hold the same in a range: no key, version, deadline or value differs. Costs O(changes) for trees of
     * one ancestry; a range of a single key costs two gets.
     */
    public static boolean same(RadixTree a, RadixTree b, byte[] from, byte @Nullable [] to) {
        if (a.root == b.root) {
            return true;
        }
        if (to != null && isOnly(from, to)) {
            TreeEntry before = a.get(from);
            TreeEntry after = b.get(from);
            return (before == null || after == null) ? before == after : before.same(after);
        }
        return Diff.walk(a.root, b.root, from, to, (key, before, after) -> false);
    }

    /** Whether a range holds no key but its first: ends with its first key and a zero byte. */
    private static boolean isOnly(byte[] from, byte[] to) {
        return to.length == from.length + 1 && to[from.length] == 0 && Words.equal(from, 0, to, 0, from.length);
    }

    /** Reports, in key order, the keys of a range at which two trees differ; costs O(changes) for trees of one ancestry. */
    public static void diff(RadixTree a, RadixTree b, byte[] from, byte @Nullable [] to, DiffVisitor visitor) {
        boolean unused = Diff.walk(a.root, b.root, from, to, visitor);
    }

    /** Shows all pages in key order, without copying them; {@link TreeBuilder#addPage} makes the tree of them again. */
    public void pages(PageVisitor visitor) {
        Path path = new Path();
        path.first(root);
        for (Object leaf = path.current(); leaf != null; leaf = path.nextLeaf()) {
            byte[] page = BigPage.page(leaf);
            if (Page.count(page) > 0) {
                visitor.page(page, BigPage.big(leaf), path.isJoined());
            }
        }
    }

    /**
     * Checks every invariant of every node and page.
     *
     * @throws IllegalStateException if one does not hold; says which and where
     */
    public void check() {
        TreeCheck.check(root);
    }
}
