// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Storage.CheckpointSource;
import io.github.kvist.format.ImageBlock;
import io.github.kvist.format.ImageFooter;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeBuilder;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link CheckpointWriter} wrote. A source stays open, and is the caller's to close. */
public final class CheckpointReader {
    private CheckpointReader() {}

    /**
     * Reads and checks a whole checkpoint, with two threads beside the caller's; they have ended when it returns.
     *
     * @throws KvException.Corrupt if any byte is not as it was written, or cannot have been written
     * @throws KvException.UnsupportedFormat if it is of a newer version, or something else
     * @throws RuntimeException whatever the source throws
     */
    public static Image read(CheckpointSource source) {
        ImageFooter footer = FooterReader.read(source);
        List<ImageBlock> blocks = footer.blocks();
        List<RadixTree> trees = new ArrayList<>(footer.trees().size());
        PageFeed feed = new PageFeed(source.description());
        try (ReadAhead ahead = ReadAhead.start(source, blocks)) {
            int next = 0;
            for (ImageFooter.Tree totals : footer.trees()) {
                TreeBuilder builder = RadixTree.builder();
                for (; next < blocks.size() && blocks.get(next).tree() == trees.size(); next++) {
                    feed.add(ahead.next(), builder);
                }
                feed.endTree(trees.size());
                RadixTree tree = builder.build();
                checkTotals(tree, totals, trees.size(), source.description());
                trees.add(tree);
            }
        }
        return new Image(footer.revision(), footer.versions(), footer.millis(), trees);
    }

    static void checkTotals(RadixTree tree, ImageFooter.Tree totals, int number, String where) {
        if (tree.count() != totals.entries() || tree.bytes() != totals.bytes()) {
            throw new KvException.Corrupt(("%s: tree %d has %d entries of %d bytes, the footer says %d of %d."
                            + " The file was changed or written wrongly; restore a backup.")
                    .formatted(where, number, tree.count(), tree.bytes(), totals.entries(), totals.bytes()));
        }
    }

    /**
     * Checks a whole checkpoint and says everything that is wrong with it; nothing if it is sound.
     *
     * <p>Reads every byte, on the caller's thread, and needs memory for a few blocks only.
     */
    public static List<Finding> verify(CheckpointSource source) {
        return new CheckpointVerifier(source).verify();
    }
}
