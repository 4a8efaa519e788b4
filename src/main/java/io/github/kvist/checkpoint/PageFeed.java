// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.api.KvException;
import io.github.kvist.tree.TreeBuilder;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Hands the pages of blocks, in order, to the builder of a tree, together with the values that lay in blocks of their own. */
final class PageFeed {
    private static final String REMEDY = "The file was changed or written wrongly; restore a backup.";

    private final String where;

    /** Values read, and not yet asked for. */
    private final ArrayDeque<byte[]> values = new ArrayDeque<>();

    PageFeed(String where) {
        this.where = where;
    }

    /** @throws KvException.Corrupt if the pages cannot be right, whatever their checksum says */
    void add(Block block, TreeBuilder builder) {
        if (block.isValue()) {
            values.add(block.value);
            return;
        }
        int elsewhere = 0;
        for (int i = 0; i < block.pages.length; i++) {
            byte[][] big = block.big[i];
            for (int slot = 0; slot < big.length; slot++) {
                if (big[slot] == Block.ELSEWHERE) {
                    big[slot] = take(block, block.lengthsElsewhere[elsewhere++]);
                }
            }
            addPage(block, i, builder);
        }
        if (!values.isEmpty()) {
            throw wrong(block, "no page asks for a value that lies before it", null);
        }
    }

    /**
     * Called when the blocks of a tree have ended.
     *
     * @throws KvException.Corrupt if a value was read that no page asked for
     */
    void endTree(int tree) {
        if (!values.isEmpty()) {
            throw new KvException.Corrupt(
                    where + ": tree " + tree + " ends with a value that no page asks for. " + REMEDY);
        }
    }

    private void addPage(Block block, int i, TreeBuilder builder) {
        byte[][] big = block.big[i];
        try {
            builder.addPage(block.pages[i], big.length == 0 ? null : big, block.underSep[i]);
        } catch (IllegalArgumentException e) {
            throw wrong(block, "its page " + i + " cannot be right: " + e.getMessage(), e);
        }
    }

    private byte[] take(Block block, int length) {
        byte[] value = values.poll();
        if (value == null || value.length != length) {
            throw wrong(block, "it asks for a value of " + length + " bytes that does not lie before it", null);
        }
        return value;
    }

    private KvException.Corrupt wrong(Block block, String what, @Nullable Throwable cause) {
        return new KvException.Corrupt(
                where + ", byte " + block.header.position() + " of the image: the block that begins here is wrong: "
                        + what + ". " + REMEDY,
                cause);
    }
}
