// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.api.KvException;
import io.github.kvist.format.ImageFooter;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the trees of an image together from its blocks, before it is known how many there are. */
final class ImageTrees {

    /** Far more than a store has tables and indexes; bounds what a wrong number can make us allocate. */
    static final int TREES_MAX = 1 << 21;

    private final String where;
    private final PageFeed feed;
    private final List<RadixTree> trees = new ArrayList<>();
    /** Of the tree whose blocks are being added; none while it has none, so that many empty trees cost next to nothing. */
    private @Nullable TreeBuilder builder;

    ImageTrees(String where) {
        this.where = where;
        this.feed = new PageFeed(where);
    }

    void add(Block block) {
        int tree = block.header.tree();
        if (tree < trees.size() || tree > TREES_MAX) {
            throw new KvException.Corrupt(where + ", byte " + block.header.position()
                    + " of the image: the block that begins here is of tree "
                    + tree + " after one of tree " + trees.size()
                    + ". The file was changed or written wrongly; restore a backup.");
        }
        endTreesBelow(tree);
        if (builder == null) {
            builder = RadixTree.builder();
        }
        feed.add(block, builder);
    }

    /** All of them, as many as the footer says. */
    List<RadixTree> all(List<ImageFooter.Tree> totals) {
        endTreesBelow(totals.size());
        for (int i = 0; i < totals.size(); i++) {
            CheckpointReader.checkTotals(trees.get(i), totals.get(i), i, where);
        }
        return trees;
    }

    private void endTreesBelow(int number) {
        while (trees.size() < number) {
            feed.endTree(trees.size());
            trees.add(builder == null ? RadixTree.empty() : builder.build());
            builder = null;
        }
    }
}
