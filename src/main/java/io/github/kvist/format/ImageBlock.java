// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * One block of an image: {@value #BYTES} bytes of header, little-endian, then the payload. The footer repeats the headers.
 *
 * <pre>
 *  0        4        8          16     20      24        32
 *  | crc32c | length | position | tree | pages | entries | payload …      crc32c covers all that follows it
 * </pre>
 *
 * <p>There are two kinds. A block <em>of pages</em> has {@code pages > 0}, and each page of its payload is
 *
 * <pre>
 *  0      4                                 if BIG: for every big value       if BIG: the short ones
 *  | word | the page as it lies in memory … | count | length | length | … |   | value | value | …
 *
 *  word: bits 0-23 bytes of the page, bit 30 BIG, bit 31 UNDER_SEP, the others zero
 * </pre>
 *
 * <p>A block <em>of one value</em> has {@code pages == 0} and nothing but that value as its payload. A big value of at least
 * {@value #OWN_BLOCK_BYTES} bytes lies in a block of its own, before the block of pages that lists its length; they are used up in
 * order.
 *
 * @param crc of the header behind it and the payload
 * @param length bytes of the payload
 * @param position of the header in the image
 * @param tree number of the tree, from 0
 * @param pages how many pages the payload holds; 0 if it is one value
 * @param entries how many entries those pages hold
 */
public record ImageBlock(int crc, int length, long position, int tree, int pages, long entries) {
    public static final int BYTES = 32;

    /** A block of pages is written when its payload, and the values that it refers to, have reached this size. */
    public static final int BLOCK_BYTES = 256 * 1024;

    /** No payload of pages is longer: one page of 64 entries with a value of almost {@value #OWN_BLOCK_BYTES} bytes each stays below. */
    public static final int BLOCK_BYTES_MAX = 4 * 1024 * 1024;

    /** From this size on a value has a block of its own, which is read without a further copy. */
    public static final int OWN_BLOCK_BYTES = 32 * 1024;

    /** The smallest page: its word, its flags and its number of entries. */
    public static final int PAGE_BYTES_MIN = 6;

    public static final int PAGE_LENGTH = (1 << 24) - 1;
    public static final int BIG = 1 << 30;
    public static final int UNDER_SEP = 1 << 31;

    /** How many entries a page holds: byte 1 of every page layout. */
    public static int entriesOf(byte[] page) {
        return Byte.toUnsignedInt(page[1]);
    }

    /** Where the next block, or the footer, begins. */
    public long end() {
        return position + BYTES + length;
    }

    /** Writes the header of a block whose payload lies in {@code source}, checksum included. */
    public static void encode(
            byte[] target,
            int at,
            long position,
            int tree,
            int pages,
            long entries,
            byte[] source,
            int offset,
            int length) {
        ByteBuffer buffer = ByteBuffer.wrap(target).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(at + 4, length).putLong(at + 8, position);
        buffer.putInt(at + 16, tree).putInt(at + 20, pages).putLong(at + 24, entries);
        buffer.putInt(at, crc(target, at, source, offset, length));
    }

    /** Reads a header; nothing is checked. */
    public static ImageBlock decode(ByteBuffer littleEndian, int at) {
        return new ImageBlock(
                littleEndian.getInt(at),
                littleEndian.getInt(at + 4),
                littleEndian.getLong(at + 8),
                littleEndian.getInt(at + 16),
                littleEndian.getInt(at + 20),
                littleEndian.getLong(at + 24));
    }

    /** Whether the header at {@code at} says the same. */
    public boolean isAt(ByteBuffer littleEndian, int at) {
        return littleEndian.getInt(at) == crc
                && littleEndian.getInt(at + 4) == length
                && littleEndian.getLong(at + 8) == position
                && littleEndian.getInt(at + 16) == tree
                && littleEndian.getInt(at + 20) == pages
                && littleEndian.getLong(at + 24) == entries;
    }

    /** The checksum of the header that lies at {@code at} and of its payload, wherever that lies. */
    public static int crc(byte[] header, int at, byte[] payload, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(header, at + 4, BYTES - 4);
        crc.update(payload, offset, length);
        return (int) crc.getValue();
    }
}
