// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Storage.CheckpointSource;
import io.github.kvist.format.ImageBlock;
import io.github.kvist.format.ImageFooter;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeBuilder;
import io.github.kvist.tree.TreeCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at everything in a checkpoint and goes on after damage.
 *
 * <p>The pages of each block become a small tree of their own, which is checked and dropped; what is left to compare is the order
 * from block to block and the totals.
 */
final class CheckpointVerifier {
    private final CheckpointSource source;
    private final List<Finding> findings = new ArrayList<>();

    // The tree being looked at.
    private PageFeed feed;
    private byte @Nullable [] lastKey;
    private long bytes;
    private boolean whole;

    CheckpointVerifier(CheckpointSource source) {
        this.source = source;
        this.feed = new PageFeed(source.description());
    }

    List<Finding> verify() {
        try {
            verify(FooterReader.read(source));
        } catch (KvException e) {
            add(e);
        }
        return findings;
    }

    private void verify(ImageFooter footer) {
        List<ImageBlock> blocks = footer.blocks();
        BlockReader reader = new BlockReader(source, blocks);
        int next = 0;
        for (int number = 0; number < footer.trees().size(); number++) {
            beginTree();
            for (; next < blocks.size() && blocks.get(next).tree() == number; next++) {
                verify(reader, blocks.get(next));
            }
            endTree(number, footer.trees().get(number));
        }
    }

    private void beginTree() {
        feed = new PageFeed(source.description());
        lastKey = null;
        bytes = 0;
        whole = true;
    }

    private void verify(BlockReader reader, ImageBlock header) {
        try {
            Block block = reader.read(header);
            if (whole) {
                verify(block);
            }
        } catch (IllegalStateException | KvException e) {
            add(e);
            // What follows may refer to a value that was lost: from here on only the checksums are looked at.
            whole = false;
        }
    }

    private void verify(Block block) {
        if (lastKey != null && !block.isValue()) {
            block.underSep[0] = false; // The page that it is joined to lies in the block before.
        }
        TreeBuilder builder = RadixTree.builder();
        feed.add(block, builder);
        if (block.isValue()) {
            return;
        }
        RadixTree tree = builder.build();
        tree.check();
        bytes += tree.bytes();
        byte[] first = nextKey(tree.forward(new byte[0], null));
        if (lastKey != null && Arrays.compareUnsigned(lastKey, first) >= 0) {
            add(
                    "byte " + block.header.position() + " of the image",
                    "the block that begins here does not continue the order of the keys");
        }
        lastKey = nextKey(tree.backward(new byte[0], null));
    }

    private void endTree(int number, ImageFooter.Tree totals) {
        if (!whole) {
            return;
        }
        try {
            feed.endTree(number);
        } catch (KvException e) {
            add(e);
        }
        // The number of entries was compared with the blocks' when the footer was read.
        if (bytes != totals.bytes()) {
            add("tree " + number, "it has " + bytes + " bytes of keys and values, the footer says " + totals.bytes());
        }
    }

    private static byte[] nextKey(TreeCursor cursor) {
        cursor.advance();
        return cursor.key();
    }

    private void add(RuntimeException e) {
        String where = source.description();
        String message = String.valueOf(e.getMessage());
        String prefix = where + ", ";
        findings.add(new Finding(where, message.startsWith(prefix) ? message.substring(prefix.length()) : message));
    }

    private void add(String place, String what) {
        findings.add(new Finding(source.description() + ", " + place, what));
    }
}
