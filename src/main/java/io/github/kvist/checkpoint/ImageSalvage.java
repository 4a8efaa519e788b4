// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Storage.CheckpointSource;
import io.github.kvist.checkpoint.PartialImage.Loss;
import io.github.kvist.format.ImageBlock;
import io.github.kvist.format.ImageFooter;
import io.github.kvist.format.ImageHeader;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeCursor;
import io.github.kvist.tree.TreeEditor;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what can still be read of a damaged image, block by block: a block counts if its checksum is right, and an entry of it if its
 * value is there.
 *
 * <p>The footer says where the blocks are; if it is damaged they are looked for ({@link BlockSearch}), which works since a block
 * names its own position. Costs an insertion for each entry.
 */
public final class ImageSalvage {
    private static final byte[] START = {};

    private final CheckpointSource source;
    private final List<TreeEditor> trees = new ArrayList<>();
    private final List<Loss> losses = new ArrayList<>();
    private long versions;

    // Values for the next block of pages.
    private final List<byte[]> values = new ArrayList<>();
    private int valuesTree = -1;

    private ImageSalvage(CheckpointSource source) {
        this.source = source;
    }

    /** Reads a source, which stays open. Bytes that cannot be read are as good as damaged. */
    public static PartialImage read(CheckpointSource source) {
        return new ImageSalvage(source).read();
    }

    private PartialImage read() {
        long revision = source.revision();
        long millis = 0;
        List<ImageBlock> blocks;
        try {
            ImageFooter footer = FooterReader.readUnbound(source);
            blocks = footer.blocks();
            revision = footer.revision();
            millis = footer.millis();
            versions = footer.versions();
            tree(Math.min(footer.trees().size(), PartialImage.TREES_MAX) - 1);
        } catch (KvException damaged) {
            losses.add(new Loss(
                    source.description(),
                    "its list of blocks is damaged, so that they were looked for: what is missing cannot be told.",
                    -1,
                    -1));
            revision = revision < 0 ? revisionInHeader() : revision;
            blocks = BlockSearch.in(source);
        }
        BlockReader reader = new BlockReader(source, blocks);
        blocks.forEach(block -> add(reader, block));
        List<RadixTree> frozen = trees.stream().map(TreeEditor::freeze).toList();
        return new PartialImage(revision, versions, millis, frozen, losses);
    }

    private long revisionInHeader() {
        try {
            byte[] bytes = new byte[ImageHeader.BYTES];
            if (source.length() < bytes.length) {
                return -1;
            }
            source.read(0, bytes, 0, bytes.length);
            return ImageHeader.decode(bytes, source.description()).revision();
        } catch (KvException damaged) {
            return -1;
        }
    }

    private void add(BlockReader reader, ImageBlock header) {
        if (header.tree() != valuesTree) {
            values.clear();
            valuesTree = header.tree();
        }
        try {
            Block block = reader.read(header);
            if (block.isValue()) {
                values.add(block.value);
                return;
            }
            add(block);
        } catch (KvException damaged) {
            if (header.pages() == 0) {
                values.add(LostValue.BYTES);
                return;
            }
            lose(header, header.entries(), "hold a block that is damaged");
        }
        values.clear();
    }

    private void add(Block block) {
        TreeEditor target = tree(block.header.tree());
        boolean isMatched = LostValue.match(block.lengthsElsewhere, values);
        int next = 0;
        long lost = 0;
        for (int i = 0; i < block.pages.length; i++) {
            byte[][] big = block.big[i];
            for (int slot = 0; slot < big.length; slot++) {
                if (big[slot] == Block.ELSEWHERE) {
                    big[slot] = isMatched ? values.get(next++) : LostValue.BYTES;
                }
            }
            lost += addPage(block.pages[i], big, target);
        }
        if (lost > 0) {
            lose(block.header, lost, "list values that are damaged");
        }
    }

    /** Returns how many entries are lost with their values. */
    private long addPage(byte[] page, byte[][] big, TreeEditor target) {
        long lost = 0;
        try {
            RadixTree tree = RadixTree.builder()
                    .addPage(page, big.length == 0 ? null : big, false)
                    .build();
            tree.check();
            for (TreeCursor entry = tree.forward(START, null); entry.advance(); ) {
                if (entry.array() == LostValue.BYTES) {
                    lost++;
                    continue;
                }
                versions = Math.max(versions, entry.version());
                target.put(
                        entry.key(), entry.array(), entry.offset(), entry.length(), entry.version(), entry.deadline());
            }
            return lost;
        } catch (IllegalArgumentException | IllegalStateException impossible) {
            // Its checksum is right, so nobody's disk did this.
            return ImageBlock.entriesOf(page);
        }
    }

    /** The tree of that number, after making it and those before it. */
    private TreeEditor tree(int number) {
        while (trees.size() <= number) {
            trees.add(RadixTree.empty().edit());
        }
        return number < 0 ? RadixTree.empty().edit() : trees.get(number);
    }

    private void lose(ImageBlock header, long entries, String what) {
        losses.add(new Loss(
                source.description(),
                "bytes %d to %d of the image %s: %d entries are lost."
                        .formatted(header.position(), header.end() - 1, what, entries),
                header.tree(),
                entries));
    }
}
