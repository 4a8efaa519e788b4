// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Storage.CheckpointSource;
import io.github.kvist.format.ImageBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Reads blocks, checks their checksums and takes them apart. Confined to one thread.
 *
 * <p>A checksum says that a block is as it was written, not that it was written by a friend: every length is held against what is
 * left of the block before anything is allocated.
 */
final class BlockReader {
    private final CheckpointSource source;

    /** Large enough for every block of pages. */
    private final ByteBuffer buffer;

    // The block being taken apart.
    private ImageBlock header = new ImageBlock(0, 0, 0, 0, 0, 0);
    private int at;
    private int end;
    private int[] elsewhere = new int[8];
    private int elsewhereCount;

    /** For those {@code blocks}, which the footer names. */
    BlockReader(CheckpointSource source, List<ImageBlock> blocks) {
        this.source = source;
        int largest = 0;
        for (ImageBlock block : blocks) {
            largest = Math.max(largest, block.pages() == 0 ? 0 : block.length());
        }
        this.buffer = ByteBuffer.allocate(ImageBlock.BYTES + largest).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads the block that the footer describes so; the footer has been checked.
     *
     * @throws KvException.Corrupt if it is another one, or damaged
     */
    Block read(ImageBlock expected) {
        header = expected;
        return expected.pages() == 0 ? readValue() : readPages();
    }

    private Block readValue() {
        source.read(header.position(), buffer.array(), 0, ImageBlock.BYTES);
        checkHeader();
        byte[] value = new byte[header.length()];
        source.read(header.position() + ImageBlock.BYTES, value, 0, value.length);
        checkCrc(value, 0);
        return new Block(header, value);
    }

    private Block readPages() {
        int length = ImageBlock.BYTES + header.length();
        source.read(header.position(), buffer.array(), 0, length);
        checkHeader();
        checkCrc(buffer.array(), ImageBlock.BYTES);
        at = ImageBlock.BYTES;
        end = length;
        elsewhereCount = 0;
        return split();
    }

    private Block split() {
        byte[][] pages = new byte[header.pages()][];
        byte[][][] big = new byte[pages.length][][];
        boolean[] underSep = new boolean[pages.length];
        long entries = 0;
        for (int i = 0; i < pages.length; i++) {
            int word = number();
            if ((word & ~(ImageBlock.PAGE_LENGTH | ImageBlock.BIG | ImageBlock.UNDER_SEP)) != 0) {
                throw wrong("a page has unknown flags");
            }
            byte[] page = bytes(word & ImageBlock.PAGE_LENGTH);
            if (page.length < ImageBlock.PAGE_BYTES_MIN) {
                throw wrong("a page has only " + page.length + " bytes");
            }
            pages[i] = page;
            big[i] = (word & ImageBlock.BIG) == 0 ? Block.NO_BIG : bigValues();
            underSep[i] = (word & ImageBlock.UNDER_SEP) != 0;
            entries += ImageBlock.entriesOf(page);
        }
        if (at != end) {
            throw wrong(end - at + " bytes follow its last page");
        }
        if (entries != header.entries()) {
            throw wrong("its pages hold " + entries + " entries instead of " + header.entries());
        }
        return new Block(header, pages, big, underSep, Arrays.copyOf(elsewhere, elsewhereCount));
    }

    private byte[][] bigValues() {
        int count = number();
        if (count <= 0 || count > (end - at) / Integer.BYTES) {
            throw wrong("a page has " + Integer.toUnsignedString(count) + " big values");
        }
        int lengthsAt = at;
        at += count * Integer.BYTES;
        byte[][] values = new byte[count][];
        for (int i = 0; i < count; i++) {
            int length = buffer.getInt(lengthsAt + i * Integer.BYTES);
            if (length <= 0) {
                throw wrong("a big value has " + Integer.toUnsignedString(length) + " bytes");
            }
            values[i] = length < ImageBlock.OWN_BLOCK_BYTES ? bytes(length) : elsewhere(length);
        }
        return values;
    }

    private byte[] elsewhere(int length) {
        if (elsewhereCount == elsewhere.length) {
            elsewhere = Arrays.copyOf(elsewhere, 2 * elsewhereCount);
        }
        elsewhere[elsewhereCount++] = length;
        return Block.ELSEWHERE;
    }

    private int number() {
        if (end - at < Integer.BYTES) {
            throw wrong("it ends within a number");
        }
        int number = buffer.getInt(at);
        at += Integer.BYTES;
        return number;
    }

    private byte[] bytes(int length) {
        if (length > end - at) {
            throw wrong(length + " bytes are asked for where " + (end - at) + " are left");
        }
        byte[] bytes = Arrays.copyOfRange(buffer.array(), at, at + length);
        at += length;
        return bytes;
    }

    private void checkHeader() {
        if (!header.isAt(buffer, 0)) {
            throw wrong("its header is not the one that the footer knows");
        }
    }

    private void checkCrc(byte[] payload, int offset) {
        int computed = ImageBlock.crc(buffer.array(), 0, payload, offset, header.length());
        if (computed != header.crc()) {
            throw wrong("stored checksum %08x, computed %08x".formatted(header.crc(), computed));
        }
    }

    private KvException.Corrupt wrong(String what) {
        return new KvException.Corrupt(source.description() + ", byte " + header.position() + " of the image"
                + ": the block that begins here is damaged: " + what
                + ". The disk decayed or the file was changed; restore a backup.");
    }
}
