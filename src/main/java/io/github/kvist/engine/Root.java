// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.checkpoint.Image;
import io.github.kvist.tree.RadixTree;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything the store holds at one revision: what readers see. Immutable, all fields final, so that it may be handed from
 * thread to thread in any way.
 */
final class Root {

    static final Root EMPTY = new Root(0, 0, new RadixTree[0], false);

    final long revision;
    final long millis;

    /** A lower bound of all deadlines, {@link RadixTree#NEVER} if there is none. */
    final long deadline;

    /** Whether this commit did nothing but remove entries whose deadline had passed. */
    final boolean isSweep;

    /** The only key that this commit can have changed, if that was noted. */
    final @Nullable Touched only;

    // By number of the keyspace; shorter than the numbers given out when the last ones are empty.
    private final RadixTree[] trees;

    Root(long revision, long millis, RadixTree[] trees, boolean isSweep) {
        this(revision, millis, trees, earliest(trees), isSweep, null);
    }

    private Root(
            long revision, long millis, RadixTree[] trees, long deadline, boolean isSweep, @Nullable Touched only) {
        this.revision = revision;
        this.millis = millis;
        this.trees = trees;
        this.deadline = deadline;
        this.isSweep = isSweep;
        this.only = only;
    }

    /** A key of a keyspace. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Touched(int keyspace, byte[] key) {}

    /** The root of the next commit, which takes over {@code next}; looks only into the trees that it changed. */
    Root next(long instant, RadixTree[] next, boolean sweeps) {
        return next(instant, next, sweeps, null);
    }

    /** The same of a commit that changed only one key. */
    Root next(long instant, RadixTree[] next, @Nullable Touched only) {
        return next(instant, next, false, only);
    }

    private Root next(long instant, RadixTree[] next, boolean sweeps, @Nullable Touched only) {
        long bound = deadline;
        for (int i = 0; i < next.length; i++) {
            if (i >= trees.length || next[i] != trees[i]) {
                bound = Math.min(bound, next[i].deadline());
            }
        }
        // Entries that went may have left the bound too low: it is found anew when it would have consequences.
        return new Root(revision + 1, instant, next, bound <= instant ? earliest(next) : bound, sweeps, only);
    }

    private static long earliest(RadixTree[] trees) {
        long earliest = RadixTree.NEVER;
        for (RadixTree tree : trees) {
            earliest = Math.min(earliest, tree.deadline());
        }
        return earliest;
    }

    RadixTree tree(int number) {
        return number < trees.length ? trees[number] : RadixTree.empty();
    }

    /** How many keyspaces have a tree here. */
    int trees() {
        return trees.length;
    }

    /** The entries of all trees. */
    long count() {
        long count = 0;
        for (RadixTree tree : trees) {
            count += tree.count();
        }
        return count;
    }

    /** The bytes of all keys and values. */
    long bytes() {
        long bytes = 0;
        for (RadixTree tree : trees) {
            bytes += tree.bytes();
        }
        return bytes;
    }

    /**
     * What an image of this root holds.
     *
     * @param versions covers every stamp inside
     * @param instant by which the root was judged: what was gone then stays gone, whatever the clock of the reader says
     */
    Image image(long versions, long instant) {
        return new Image(revision, versions, Math.max(millis, instant), List.of(trees));
    }

    /** A copy that has room for {@code size} trees, to be changed by the caller before anybody sees it. */
    RadixTree[] copyOfTrees(int size) {
        int present = trees.length;
        RadixTree[] copy = Arrays.copyOf(trees, Math.max(present, size));
        Arrays.fill(copy, present, copy.length, RadixTree.empty());
        return copy;
    }
}
