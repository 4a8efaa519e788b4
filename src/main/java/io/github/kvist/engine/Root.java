// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.tree.RadixTree;
import java.util.Arrays;

/**
 * Everything the store holds at one revision: what readers see. Immutable, all fields final, so that it may be handed from
 * thread to thread in any way.
 */
final class Root {

    static final Root EMPTY = new Root(0, 0, new RadixTree[0]);

    final long revision;
    final long millis;
    // By number of the keyspace; shorter than the numbers given out when the last ones are empty.
    private final RadixTree[] trees;

    Root(long revision, long millis, RadixTree[] trees) {
        this.revision = revision;
        this.millis = millis;
        this.trees = trees;
    }

    RadixTree tree(int number) {
        return number < trees.length ? trees[number] : RadixTree.empty();
    }

    /** How many keyspaces have a tree here. */
    int trees() {
        return trees.length;
    }

    /** The bytes of all keys and values. */
    long bytes() {
        long bytes = 0;
        for (RadixTree tree : trees) {
            bytes += tree.bytes();
        }
        return bytes;
    }

    /** A copy that has room for {@code size} trees, to be changed by the caller before anybody sees it. */
    RadixTree[] copyOfTrees(int size) {
        int present = trees.length;
        RadixTree[] copy = Arrays.copyOf(trees, Math.max(present, size));
        Arrays.fill(copy, present, copy.length, RadixTree.empty());
        return copy;
    }
}
