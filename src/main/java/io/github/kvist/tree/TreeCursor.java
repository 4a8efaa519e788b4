// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import org.jspecify.annotations.Nullable;

/**
 * Walks the entries of a range lazily: nothing is decoded or allocated that is not asked for.
 *
 * <p>Stands before the first entry at first, behind the last one at the end; elsewhere the accessors describe the entry it
 * stands on. The tree never changes under it. Used by one thread at a time; holds on to the subtree it walks, no more.
 */
public final class TreeCursor {
    private final Object root;
    private final byte[] from;
    private final byte @Nullable [] to;
    private final int step;
    private final Path path = new Path();

    /** The leaves to come; null while the path is at the leaf at hand. */
    private @Nullable LeafWalk leaves;

    private Object leaf = Page.EMPTY;

    // The page at hand, and the indexes in it at which the range starts and ends.
    private byte[] page = Page.EMPTY;
    private byte @Nullable [][] big;
    private int stop;
    private boolean isLastPage;

    private int prefixAt;
    private int prefixLength;
    private int offsetsAt;
    private int metaWidth;

    /** Bytes per entry in a uniform page, else 0; and the bytes of each value there. */
    private int stride;

    private int uniformLength;

    // The entry at hand, if the cursor is on one.
    private boolean isOnEntry;
    private int index;
    private int suffixAt;
    private int suffixLength;

    /** Keeps reads that only warm the cache from being optimised away: nobody needs their result. */
    @SuppressWarnings("UnusedVariable")
    private boolean touched;

    TreeCursor(Object root, byte[] from, byte @Nullable [] to, boolean isForward) {
        this.root = subtree(root, from, to);
        this.from = from;
        this.to = to;
        this.step = isForward ? 1 : -1;
        if (to != null && Words.compare(from, to) >= 0) {
            finish();
        } else if (isForward) {
            start(from);
        } else {
            start(to);
        }
    }

    /** The smallest subtree that holds all keys of a range: those share what its two ends share. */
    private static Object subtree(Object root, byte[] from, byte @Nullable [] to) {
        Object node = root;
        if (to != null) {
            int common = Words.mismatch(from, 0, to, 0, Math.min(from.length, to.length));
            int position = 2 * common;
            if (Inner.label(from, position) == Inner.label(to, position)) {
                position++;
            }
            while (node instanceof Inner inner && inner.position() < position) {
                node = inner.kids[inner.slot(from)];
            }
        }
        return node;
    }

    /** Goes to where the range starts, seen in the direction of the cursor; null is the end of the tree. */
    private void start(byte @Nullable [] key) {
        if (key == null) {
            path.last(root);
        } else if (key.length == 0) {
            path.first(root);
        } else {
            path.seek(root, key);
        }
        if (step > 0) {
            arrive(path.index);
            return;
        }
        if (path.current() == null) {
            path.last(root);
        }
        arrive(path.index - 1);
    }

    /** Goes to the next entry in the direction of the cursor; false at the end of the range, and ever after. */
    public boolean advance() {
        int next = index + step;
        if (next == stop) {
            return advancePage();
        }
        index = next;
        isOnEntry = true;
        if (stride != 0) {
            suffixAt += step > 0 ? stride : -stride;
        } else {
            locate();
        }
        return true;
    }

    private boolean advancePage() {
        while (!isLastPage) {
            Object next = nextLeaf();
            if (next == null) {
                break;
            }
            enter(next, step > 0 ? 0 : Page.count(BigPage.page(next)) - 1);
            if (index + step != stop) {
                return advance();
            }
        }
        finish();
        return false;
    }

    private @Nullable Object nextLeaf() {
        if (leaves == null) {
            leaves = new LeafWalk(path, step > 0);
        }
        return leaves.next();
    }

    /** Stands before the entry {@code first} of the leaf the path is at. */
    private void arrive(int first) {
        leaves = null;
        Object at = path.current();
        if (at == null) {
            finish();
        } else {
            touched = LeafWalk.touch(path.sibling(step));
            enter(at, first);
        }
    }

    /** Stands before the entry {@code first} of a leaf. */
    private void enter(Object at, int first) {
        leaf = at;
        isOnEntry = false;
        page = BigPage.page(at);
        big = BigPage.big(at);
        int n = Page.count(page);
        limit(n);
        prefixLength = Page.prefixLength(page);
        prefixAt = Page.prefixAt(page);
        offsetsAt = Page.offsetsAt(page);
        metaWidth = Page.metaWidth(page);
        stride = 0;
        index = first - step;
        if (Page.isUniform(page)) {
            // A page of one empty suffix and value has no bytes per entry; any step will do.
            stride = Math.max(Page.stride(page), 1);
            suffixLength = Page.uniformSuffix(page);
            uniformLength = Page.stride(page) - suffixLength - metaWidth;
            suffixAt = prefixAt + prefixLength + index * stride;
        }
        if ((stop - first) * step <= 0) {
            stop = index + step;
        }
    }

    /** Finds where the range ends in this page; only a page on its border is searched. */
    private void limit(int n) {
        isLastPage = false;
        if (step > 0) {
            stop = n;
            if (to != null && n > 0 && PageSearch.compare(to, page, n - 1) <= 0) {
                stop = PageSearch.below(page, to);
                isLastPage = true;
            }
            return;
        }
        stop = -1;
        if (from.length > 0 && n > 0 && PageSearch.compare(from, page, 0) >= 0) {
            stop = PageSearch.below(page, from) - 1;
            isLastPage = true;
        }
    }

    private void locate() {
        int at = Words.uint16(page, offsetsAt + 2 * index);
        int length = page[at];
        if (length < 0) {
            length = Page.suffixLengthAt(page, at);
            at++;
        }
        suffixLength = length;
        suffixAt = at + 1;
    }

    private void finish() {
        page = Page.EMPTY;
        leaf = page;
        leaves = null;
        big = null;
        path.end();
        isLastPage = true;
        stride = 0;
        isOnEntry = false;
        index = 0;
        stop = step;
    }

    /**
     * Jumps ahead so that the next {@link #advance} goes to the first entry at or beyond a key, in the direction of the
     * cursor. Never goes back and never leaves the range: a key at or behind the present entry changes nothing.
     */
    public void seek(byte[] key) {
        boolean isPageDone = index + step == stop;
        if (isPageDone && isLastPage) {
            return;
        }
        if (step > 0 ? Words.compare(key, from) <= 0 : to != null && Words.compare(key, to) >= 0) {
            return;
        }
        if (PageSearch.compare(key, page, isPageDone ? index : index + step) * (long) step <= 0) {
            return;
        }
        if (PageSearch.compare(key, page, step > 0 ? Page.count(page) - 1 : 0) * (long) step > 0) {
            path.seek(root, key);
            Object at = path.current();
            if (at == null && step < 0) {
                path.last(root);
                arrive(path.index - 1);
            } else {
                arrive(at == null ? 0 : first(at, key, path.index));
            }
        } else {
            enter(leaf, first(leaf, key, PageSearch.below(page, key)));
        }
    }

    /** The entry of a leaf at which the walk to a key starts, if {@code below} entries are below the key. */
    private int first(Object at, byte[] key, int below) {
        boolean isThere = step > 0 || PageSearch.compare(key, BigPage.page(at), below) == 0;
        return isThere ? below : below - 1;
    }

    /** A fresh copy of the key. */
    public byte[] key() {
        byte[] key = new byte[keyLength()];
        copyKey(key, 0);
        return key;
    }

    public int keyLength() {
        requireEntry();
        return prefixLength + suffixLength;
    }

    /** Copies the key into an array and returns its length. */
    public int copyKey(byte[] target, int at) {
        requireEntry();
        Words.copy(page, prefixAt, target, at, prefixLength);
        Words.copy(page, suffixAt, target, at + prefixLength, suffixLength);
        return prefixLength + suffixLength;
    }

    /** The array that holds the value; read {@link #length()} bytes from {@link #offset()}, and never write. */
    public byte[] array() {
        byte[] apart = apart();
        return apart == null ? page : apart;
    }

    public int offset() {
        return apart() == null ? suffixAt + suffixLength + metaWidth : 0;
    }

    public int length() {
        byte[] apart = apart();
        if (apart != null) {
            return apart.length;
        }
        return stride != 0 ? uniformLength : Page.entryEnd(page, index) - (suffixAt + suffixLength + metaWidth);
    }

    /** The value, if it lies beside the page. */
    private byte @Nullable [] apart() {
        requireEntry();
        byte[][] values = big;
        if (values == null) {
            return null;
        }
        int slot = Page.slot(page, suffixAt + suffixLength);
        return slot < 0 ? null : values[slot];
    }

    public long version() {
        requireEntry();
        return Page.version(page, suffixAt + suffixLength);
    }

    /** The instant from which the entry counts as gone, or {@link RadixTree#NEVER}. */
    public long deadline() {
        requireEntry();
        return Page.deadline(page, suffixAt + suffixLength);
    }

    private void requireEntry() {
        if (!isOnEntry) {
            throw new IllegalStateException("the cursor is on no entry: call advance() and read while it returns true");
        }
    }
}
