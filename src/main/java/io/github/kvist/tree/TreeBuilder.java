// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import org.jspecify.annotations.Nullable;

/**
 * Builds a tree bottom-up from entries, or pages, in ascending order: one linear pass, no searching.
 *
 * <p>The radix nodes follow from the pages alone: two neighbouring pages are joined by the node that tests the half byte at
 * which the last key of one and the first key of the other differ. Used by one thread; after {@link #build}, or after an
 * exception, it is of no more use.
 */
public final class TreeBuilder {
    private static final byte[] NONE = {};
    private static final int ARENA_BYTES = 1 << 16;

    /** Above this many bytes of keys and values a page may be full, and is measured. */
    private static final int MEASURED_FROM = 1024;

    private final Spine spine = new Spine();

    // Entries that are not in a page yet, and where each departs from the one before it.
    private final Draft draft = new Draft();
    private final int[] gaps = new int[Page.ENTRIES_MAX + 2];
    private int pendingBytes;

    private byte[] arena = NONE;
    private int arenaUsed;

    /** The last key. */
    private byte[] last = NONE;

    private int lastLength;
    private boolean isEmpty = true;
    private boolean isBuilt;

    TreeBuilder() {}

    /**
     * Adds an entry; key and value are copied.
     *
     * @throws IllegalArgumentException if the key is not above the one before it, or too long
     */
    public TreeBuilder add(byte[] key, byte[] value, int offset, int length, long version, long deadline) {
        requireOpen();
        TreeEditor.check(key, value, offset, length);
        int gap = gap(key, key.length);
        if (draft.count() > 0 && gap < gaps[0]) {
            flush(draft.count());
        }
        int at = reserve(key.length + length);
        System.arraycopy(key, 0, arena, at, key.length);
        boolean isInline = length <= Page.INLINE_BYTES_MAX;
        if (isInline) {
            System.arraycopy(value, offset, arena, at + key.length, length);
        }
        gaps[draft.count()] = gap;
        draft.add(
                arena,
                at,
                key.length,
                isInline ? arena : value,
                isInline ? at + key.length : offset,
                length,
                version,
                deadline);
        pendingBytes += key.length + (isInline ? length : 0);
        remember(arena, at, key.length);
        while (isOverfull()) {
            flush(cut());
        }
        return this;
    }

    /**
     * Adds a page with the arguments of {@link PageVisitor#page}; the arrays are not copied and must never be written again.
     *
     * @throws IllegalArgumentException if it is not a page, if it is damaged, or if it does not belong behind the one before
     */
    public TreeBuilder addPage(byte[] page, byte @Nullable [][] big, boolean underSep) {
        requireOpen();
        PageCheck.check(page, big);
        if (draft.count() > 0) {
            flush(draft.count());
        }
        int n = Page.count(page);
        byte[] first = new byte[Page.keyLength(page, 0)];
        Page.copyKey(page, 0, first, 0);
        int gap = gap(first, first.length);
        byte[] end = n == 1 ? first : Page.key(page, n - 1);
        int spread = n == 1 ? Integer.MAX_VALUE : Spine.divergence(first, first.length, end, end.length);
        Object leaf = big == null || big.length == 0 ? page : new BigPage(page, big.clone());
        if (underSep) {
            spine.join(leaf, gap, spread);
        } else {
            spine.add(leaf, gap, gap < 0 ? 0 : Inner.label(first, gap), spread);
        }
        last = end;
        lastLength = end.length;
        isEmpty = false;
        return this;
    }

    /** The tree of all that was added. */
    public RadixTree build() {
        requireOpen();
        if (draft.count() > 0) {
            flush(draft.count());
        }
        isBuilt = true;
        return isEmpty ? RadixTree.empty() : new RadixTree(spine.finish());
    }

    private void requireOpen() {
        if (isBuilt) {
            throw new IllegalStateException("the tree is built: take a new builder");
        }
    }

    /** The half byte at which a key departs from the last one, -1 for the first key. */
    private int gap(byte[] key, int length) {
        if (isEmpty) {
            return -1;
        }
        if (Words.compare(key, 0, length, last, 0, lastLength) <= 0) {
            throw new IllegalArgumentException("keys must rise: sort the input and drop duplicates");
        }
        return Spine.divergence(last, lastLength, key, length);
    }

    private void remember(byte[] source, int at, int length) {
        if (last.length < length) {
            last = new byte[Math.max(2 * length, 64)];
        }
        System.arraycopy(source, at, last, 0, length);
        lastLength = length;
        isEmpty = false;
    }

    private int reserve(int bytes) {
        if (arenaUsed + bytes > arena.length) {
            // Pending entries keep the old one alive until they are written.
            arena = new byte[Math.max(ARENA_BYTES, bytes)];
            arenaUsed = 0;
        }
        int at = arenaUsed;
        arenaUsed += bytes;
        return at;
    }

    private boolean isOverfull() {
        int n = draft.count();
        return n > 1 && (n > Page.ENTRIES_MAX || (pendingBytes > MEASURED_FROM && !draft.fits(0, n)));
    }

    /**
     * How many pending entries become a page: up to the last of the highest gaps, so that no page reaches across a node
     * that its neighbour is below.
     */
    private int cut() {
        int cut = 1;
        for (int i = 2; i < draft.count(); i++) {
            if (gaps[i] <= gaps[cut]) {
                cut = i;
            }
        }
        return cut;
    }

    private void flush(int n) {
        int spread = n == 1 ? Integer.MAX_VALUE : draft.divergence(0, n - 1);
        spine.add(draft.write(0, n), gaps[0], gaps[0] < 0 ? 0 : draft.label(0, gaps[0]), spread);
        int rest = draft.count() - n;
        System.arraycopy(gaps, n, gaps, 0, rest);
        draft.drop(n);
        pendingBytes = 0;
        for (int i = 0; i < rest; i++) {
            pendingBytes += draft.rawBytes(i);
        }
    }
}
