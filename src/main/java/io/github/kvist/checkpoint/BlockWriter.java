// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import static io.github.kvist.format.ImageBlock.BLOCK_BYTES;
import static io.github.kvist.format.ImageBlock.OWN_BLOCK_BYTES;

import io.github.kvist.backend.Storage.CheckpointSink;
import io.github.kvist.format.ImageBlock;
import io.github.kvist.format.ImageFooter;
import io.github.kvist.tree.PageVisitor;
import io.github.kvist.tree.RadixTree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Gathers the pages of one tree after the other in blocks, and remembers the headers of the blocks for the footer. */
final class BlockWriter implements PageVisitor {
    private final CheckpointSink sink;
    private final LongConsumer progress;
    private long position;

    /** The headers written so far. */
    private byte[] headers = new byte[64 * ImageBlock.BYTES];

    private int headersEnd;

    /** The block being filled, room for its header included. */
    private byte[] bytes = new byte[ImageBlock.BYTES + BLOCK_BYTES];

    private ByteBuffer block = littleEndian(bytes);

    private int tree;
    private int pages;
    private long entries;

    /** Entries in all blocks that were written. */
    private long written;

    /** Bytes of the values in blocks of their own that the block being filled refers to. */
    private long ownBlocks;

    /** Tells {@code progress} behind each block how many entries were written so far. */
    BlockWriter(CheckpointSink sink, long position, LongConsumer progress) {
        this.sink = sink;
        this.progress = progress;
        this.position = position;
        block.position(ImageBlock.BYTES);
    }

    void write(int number, RadixTree source) {
        tree = number;
        source.pages(this);
        if (pages > 0) {
            endBlock();
        }
    }

    /** Where the next byte goes. */
    long position() {
        return position;
    }

    byte[] footer(long revision, long versions, long millis, List<ImageFooter.Tree> totals) {
        return ImageFooter.encode(revision, versions, millis, totals, headers, headersEnd);
    }

    @Override
    public void page(byte[] page, byte @Nullable [][] big, boolean underSep) {
        int size = 4 + page.length + (big == null ? 0 : sizeInBlock(big));
        if (pages > 0 && size > BLOCK_BYTES + ImageBlock.BYTES - block.position()) {
            endBlock();
        }
        if (size > block.remaining()) {
            grow(size);
        }
        int flags = (big == null ? 0 : ImageBlock.BIG) | (underSep ? ImageBlock.UNDER_SEP : 0);
        block.putInt(page.length | flags).put(page);
        if (big != null) {
            putBig(big);
        }
        pages++;
        entries += ImageBlock.entriesOf(page);
        // Else a block could refer to any amount of values, and a reader that takes one block at a time would need it
        // all at once.
        if (ownBlocks >= BLOCK_BYTES) {
            endBlock();
        }
    }

    private void putBig(byte[][] big) {
        block.putInt(big.length);
        for (byte[] value : big) {
            block.putInt(value.length);
        }
        for (byte[] value : big) {
            if (value.length < OWN_BLOCK_BYTES) {
                block.put(value);
            } else {
                ownBlocks += value.length;
                writeValue(value);
            }
        }
    }

    private static int sizeInBlock(byte[][] big) {
        int size = 4;
        for (byte[] value : big) {
            size += 4 + (value.length < OWN_BLOCK_BYTES ? value.length : 0);
        }
        return size;
    }

    private void writeValue(byte[] value) {
        int at = header();
        ImageBlock.encode(headers, at, position, tree, 0, 0, value, 0, value.length);
        sink.write(headers, at, ImageBlock.BYTES);
        sink.write(value, 0, value.length);
        position += ImageBlock.BYTES + value.length;
    }

    private void endBlock() {
        int at = header();
        int length = block.position() - ImageBlock.BYTES;
        ImageBlock.encode(headers, at, position, tree, pages, entries, bytes, ImageBlock.BYTES, length);
        System.arraycopy(headers, at, bytes, 0, ImageBlock.BYTES);
        sink.write(bytes, 0, block.position());
        position += block.position();
        block.position(ImageBlock.BYTES);
        written += entries;
        pages = 0;
        entries = 0;
        ownBlocks = 0;
        progress.accept(written);
    }

    /** Room for one more header. */
    private int header() {
        if (headersEnd == headers.length) {
            headers = Arrays.copyOf(headers, Math.multiplyExact(headers.length, 2));
        }
        int at = headersEnd;
        headersEnd += ImageBlock.BYTES;
        return at;
    }

    /** For a page that, with its values, is larger than a block should be. */
    private void grow(int size) {
        bytes = Arrays.copyOf(bytes, block.position() + size);
        block = littleEndian(bytes).position(block.position());
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
