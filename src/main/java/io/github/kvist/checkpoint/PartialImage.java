// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.tree.RadixTree;
import java.util.List;

/**
 * What could be read of a damaged image.
 *
 * @param revision -1 if it is not known any more
 * @param versions not below any version in the trees
 * @param millis time of its commit, since the epoch; 0 if it is not known any more
 * @param trees by number
 * @param losses what could not be read
 */
public record PartialImage(long revision, long versions, long millis, List<RadixTree> trees, List<Loss> losses) {

    /** No tree has a greater number: more than a store has tables and indexes. */
    public static final int TREES_MAX = ImageTrees.TREES_MAX;

    public PartialImage {
        trees = List.copyOf(trees);
        losses = List.copyOf(losses);
    }

    /**
     * Something that could not be read.
     *
     * @param tree whose entries are lost; -1 if that is not known
     * @param entries how many; -1 if that is not known
     */
    public record Loss(String where, String what, int tree, long entries) {}
}
