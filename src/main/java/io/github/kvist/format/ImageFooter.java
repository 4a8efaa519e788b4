// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import io.github.kvist.api.KvException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What an image holds and where, little-endian; checked by the {@link ImageTail}.
 *
 * <pre>
 *  0          8          16       24      28       32
 *  | revision | versions | millis | trees | blocks | per tree: entries u64, bytes u64 | the block headers, in order
 * </pre>
 *
 * @param versions the highest version given out
 * @param millis time of the last commit, since the epoch
 * @param trees by number
 * @param blocks in the order in which they lie, without a gap from the header to the footer
 */
public record ImageFooter(long revision, long versions, long millis, List<Tree> trees, List<ImageBlock> blocks) {
    private static final int HEAD_BYTES = 32;

    /** What the totals of one tree take. */
    public static final int TREE_BYTES = 16;

    /** What one tree holds: live entries, and bytes of their keys and values. */
    public record Tree(long entries, long bytes) {}

    /**
     * Writes a footer.
     *
     * @param blocks the headers of all blocks, one behind the other; only the first {@code blockBytes} count
     */
    public static byte[] encode(
            long revision, long versions, long millis, List<Tree> trees, byte[] blocks, int blockBytes) {
        int blocksAt = HEAD_BYTES + trees.size() * TREE_BYTES;
        byte[] bytes = new byte[Math.addExact(blocksAt, blockBytes)];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(revision).putLong(versions).putLong(millis);
        buffer.putInt(trees.size()).putInt(blockBytes / ImageBlock.BYTES);
        for (Tree tree : trees) {
            buffer.putLong(tree.entries()).putLong(tree.bytes());
        }
        buffer.put(blocks, 0, blockBytes);
        return bytes;
    }

    /**
     * Reads a footer, which is all of {@code bytes}, and checks that its parts agree with each other.
     *
     * @param position where the footer begins, and so where the last block must end
     * @param where its home, for messages
     * @throws KvException.Corrupt if it cannot be true
     */
    public static ImageFooter decode(byte[] bytes, long position, String where) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEAD_BYTES) {
            throw wrong(where, position, "it has only " + bytes.length + " bytes");
        }
        int treeCount = buffer.getInt(24);
        int blockCount = buffer.getInt(28);
        long needed = HEAD_BYTES
                + Integer.toUnsignedLong(treeCount) * TREE_BYTES
                + Integer.toUnsignedLong(blockCount) * ImageBlock.BYTES;
        if (needed != bytes.length) {
            throw wrong(where, position, "its counts ask for " + needed + " bytes, it has " + bytes.length);
        }
        List<Tree> trees = new ArrayList<>(treeCount);
        for (int i = 0, at = HEAD_BYTES; i < treeCount; i++, at += TREE_BYTES) {
            trees.add(new Tree(buffer.getLong(at), buffer.getLong(at + 8)));
        }
        List<ImageBlock> blocks = new ArrayList<>(blockCount);
        int blocksAt = HEAD_BYTES + treeCount * TREE_BYTES;
        for (int i = 0, at = blocksAt; i < blockCount; i++, at += ImageBlock.BYTES) {
            blocks.add(ImageBlock.decode(buffer, at));
        }
        checkBlocks(blocks, trees, position, where);
        return new ImageFooter(buffer.getLong(0), buffer.getLong(8), buffer.getLong(16), trees, blocks);
    }

    /** The blocks fill all between header and footer, tree by tree, and hold as many entries as the trees. */
    private static void checkBlocks(List<ImageBlock> blocks, List<Tree> trees, long position, String where) {
        long[] entries = new long[trees.size()];
        long end = ImageHeader.BYTES;
        int tree = 0;
        for (ImageBlock block : blocks) {
            if (block.position() != end || block.length() < 0 || block.end() > position) {
                throw wrong(where, position, "the block at byte " + end + " does not lie where it says");
            }
            if (block.tree() < tree || block.tree() >= trees.size()) {
                throw wrong(where, position, "the block at byte " + end + " belongs to no tree that can follow");
            }
            if (!hasPossibleCounts(block)) {
                throw wrong(where, position, "the block at byte " + end + " cannot hold what it says");
            }
            tree = block.tree();
            entries[tree] += block.entries();
            end = block.end();
        }
        if (end != position) {
            throw wrong(where, position, "no block covers the bytes from " + end);
        }
        for (int i = 0; i < entries.length; i++) {
            if (entries[i] != trees.get(i).entries() || trees.get(i).bytes() < 0) {
                throw wrong(where, position, "tree " + i + " and its blocks differ in the number of entries");
            }
        }
    }

    private static boolean hasPossibleCounts(ImageBlock block) {
        if (block.pages() == 0) {
            return block.entries() == 0 && block.length() >= ImageBlock.OWN_BLOCK_BYTES;
        }
        return block.length() <= ImageBlock.BLOCK_BYTES_MAX
                && block.pages() > 0
                && block.pages() <= block.length() / ImageBlock.PAGE_BYTES_MIN
                && block.entries() >= block.pages()
                && block.entries() <= block.pages() * 255L;
    }

    private static KvException.Corrupt wrong(String where, long position, String what) {
        return new KvException.Corrupt(where + ", byte " + position + " of the image: the footer cannot be right: "
                + what + ". The file was changed or written wrongly; restore a backup.");
    }
}
