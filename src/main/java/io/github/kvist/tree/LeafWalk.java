// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import org.jspecify.annotations.Nullable;

/**
 * The leaves after a place in a tree, one by one, brought into the cache before they are asked for.
 *
 * <p>Leaves lie anywhere in memory, and a processor that waits for one line cannot run far ahead. So they are fetched in
 * batches, whose misses overlap, and in two steps: walking the way to a batch reads the start of each leaf and so its
 * length; one batch later the rest is read, when no loop has to wait for a length any more.
 *
 * <p>Used by one thread.
 */
final class LeafWalk {
    private static final int BATCH_MAX = 4;

    /** A batch is at most this part of what was found before: a walk that ends early has not fetched much in vain. */
    private static final int FOUND_PER_BATCH = 8;

    private static final int RING = 4 * BATCH_MAX;

    private final Path path;
    private final boolean isForward;

    // Leaves by number, of which those from the next one on are here: first the ready ones, then those of which all was
    // read, then those of which the start was read.
    private final @Nullable Object[] ring = new Object[RING];
    private int next;
    private int ready;
    private int read;
    private int found;

    /** Keeps reads that only warm the cache from being optimised away: nobody needs their result. */
    @SuppressWarnings("UnusedVariable")
    private boolean touched;

    /** Starts after the leaf at which the path is, and moves the path. */
    LeafWalk(Path path, boolean isForward) {
        this.path = path;
        this.isForward = isForward;
        find();
        read = found;
        find();
    }

    /** The next leaf, null at the end. */
    @Nullable
    Object next() {
        if (next == ready) {
            fetch();
        }
        return next == ready ? null : ring[next++ % RING];
    }

    private void fetch() {
        ready = read;
        read = found;
        find();
        for (int i = ready; i < read; i++) {
            touched ^= touch(ring[i % RING]);
        }
    }

    private void find() {
        int batch = Math.max(1, Math.min(found / FOUND_PER_BATCH, BATCH_MAX));
        for (int i = 0; i < batch; i++) {
            Object leaf = isForward ? path.nextLeaf() : path.previousLeaf();
            if (leaf == null) {
                return;
            }
            ring[found++ % RING] = leaf;
        }
    }

    /** Brings a leaf into the cache, if it is a page. */
    static boolean touch(@Nullable Object leaf) {
        return leaf instanceof byte[] page && Page.touch(page);
    }
}
