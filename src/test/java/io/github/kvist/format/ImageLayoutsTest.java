// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands around the pages of an image: header, headers of blocks, footer, tail. Only what can be true is read. */
final class ImageLayoutsTest {

    /** Where the footer of {@link #BLOCKS} begins. */
    private static final long FOOTER_AT = 64 + 3 * 32 + 40_000 + 6 + 100;

    private static final List<ImageBlock> BLOCKS = List.of(
            new ImageBlock(1, 40_000, 64, 0, 0, 0),
            new ImageBlock(2, 6, 64 + 32 + 40_000, 0, 1, 255),
            new ImageBlock(3, 100, 64 + 2 * 32 + 40_006, 2, 16, 16));

    private static final List<ImageFooter.Tree> TREES =
            List.of(new ImageFooter.Tree(255, 9), new ImageFooter.Tree(0, 0), new ImageFooter.Tree(16, 7));

    @Test
    void headerReadsWhatItWrote() {
        assertThat(ImageHeader.decode(new ImageHeader(5).encode(), "")).isEqualTo(new ImageHeader(5));
    }

    @Test
    void everyChangedBitOfAHeaderIsDamageOrSomethingElse() {
        byte[] sound = new ImageHeader(1L << 40).encode();
        for (int bit = 0; bit < 8 * sound.length; bit++) {
            byte[] damaged = sound.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> ImageHeader.decode(damaged, "there"))
                    .as("bit " + bit)
                    .isInstanceOf(bit < 64 ? KvException.UnsupportedFormat.class : KvException.Corrupt.class)
                    .hasMessageContaining("there");
        }
    }

    @Test
    void footerReadsWhatItWrote() {
        ImageFooter footer = ImageFooter.decode(footer(TREES, BLOCKS), FOOTER_AT, "there");

        assertThat(footer).isEqualTo(new ImageFooter(7, 8, 9, TREES, BLOCKS));
    }

    @Test
    void footerOfAnEmptyStoreIsRead() {
        assertThat(ImageFooter.decode(footer(List.of(), List.of()), 64, "there").trees())
                .isEmpty();
        assertFooterRefused(footer(List.of(), List.of()), 65, "no block covers the bytes from 64");
    }

    @Test
    void footerShorterThanItsOwnHeadIsRefused() {
        for (int length = 0; length < 32; length++) {
            assertFooterRefused(new byte[length], FOOTER_AT, "it has only " + length + " bytes");
        }
    }

    @Test
    void footerOfAnotherLengthThanItsCountsIsRefused() {
        byte[] sound = footer(TREES, BLOCKS);
        assertFooterRefused(Arrays.copyOf(sound, sound.length - 1), FOOTER_AT, "its counts ask for");
        assertFooterRefused(Arrays.copyOf(sound, sound.length + 1), FOOTER_AT, "its counts ask for");
        for (int at : new int[] {27, 31}) {
            byte[] huge = sound.clone();
            huge[at] = (byte) 0x80;
            assertFooterRefused(huge, FOOTER_AT, "its counts ask for");
        }
    }

    @Test
    void blocksLieOneBehindTheOther() {
        assertBlockRefused(0, new ImageBlock(1, 40_000, 63, 0, 0, 0), "does not lie where it says");
        assertBlockRefused(1, new ImageBlock(2, -1, BLOCKS.get(1).position(), 0, 1, 255), "does not lie where it says");
        assertBlockRefused(
                2, new ImageBlock(3, 101, BLOCKS.get(2).position(), 2, 16, 16), "does not lie where it says");
        assertBlockRefused(2, new ImageBlock(3, 99, BLOCKS.get(2).position(), 2, 16, 16), "no block covers the bytes");
    }

    @Test
    void blocksFollowTheOrderOfTheirTrees() {
        assertBlockRefused(0, new ImageBlock(1, 40_000, 64, 1, 0, 0), "belongs to no tree that can follow");
        assertBlockRefused(
                2, new ImageBlock(3, 100, BLOCKS.get(2).position(), 3, 16, 16), "belongs to no tree that can follow");
    }

    @Test
    void blockHoldsWhatItCanHold() {
        long second = BLOCKS.get(1).position();
        assertBlockRefused(0, new ImageBlock(1, 40_000, 64, 0, 0, 1), "cannot hold what it says");
        assertBlockRefused(1, new ImageBlock(2, 6, second, 0, 2, 255), "cannot hold what it says");
        assertBlockRefused(1, new ImageBlock(2, 6, second, 0, 1, 256), "cannot hold what it says");
        assertBlockRefused(1, new ImageBlock(2, 6, second, 0, 1, 0), "cannot hold what it says");
        assertBlockRefused(1, new ImageBlock(2, 6, second, 0, -1, 0), "cannot hold what it says");
        assertBlockRefused(
                1,
                new ImageBlock(2, 6, second, 0, 0, 0),
                "cannot hold what it says"); // a value so short lies in its page
    }

    @Test
    void sizesOfBlocksAreBounded() {
        assertThatCode(() -> footerOfOne(ImageBlock.OWN_BLOCK_BYTES, 0, 0)).doesNotThrowAnyException();
        assertThatCode(() -> footerOfOne(ImageBlock.BLOCK_BYTES_MAX, 1, 1)).doesNotThrowAnyException();
        assertThatCode(() -> footerOfOne(ImageBlock.BLOCK_BYTES_MAX + 1, 0, 0)).doesNotThrowAnyException();
        assertThatThrownBy(() -> footerOfOne(ImageBlock.OWN_BLOCK_BYTES - 1, 0, 0))
                .isInstanceOf(KvException.Corrupt.class);
        assertThatThrownBy(() -> footerOfOne(ImageBlock.BLOCK_BYTES_MAX + 1, 1, 1))
                .isInstanceOf(KvException.Corrupt.class);
    }

    @Test
    void treesHoldAsManyEntriesAsTheirBlocks() {
        for (ImageFooter.Tree wrong :
                List.of(new ImageFooter.Tree(254, 9), new ImageFooter.Tree(256, 9), new ImageFooter.Tree(255, -1))) {
            List<ImageFooter.Tree> trees = List.of(wrong, TREES.get(1), TREES.get(2));
            assertFooterRefused(footer(trees, BLOCKS), FOOTER_AT, "tree 0 and its blocks differ");
        }
        List<ImageFooter.Tree> more = List.of(TREES.get(0), TREES.get(1), TREES.get(2), new ImageFooter.Tree(1, 1));
        assertFooterRefused(footer(more, BLOCKS), FOOTER_AT, "tree 3 and its blocks differ");
    }

    @Test
    void headerOfABlockDiffersFromEachOther() {
        ImageBlock block = new ImageBlock(1, 2, 3, 4, 5, 6);
        byte[] header = headers(List.of(block, block));
        for (int at = 32; at < 64; at++) {
            byte[] other = header.clone();
            other[at] ^= 1;
            assertThat(block.isAt(littleEndian(other), 32)).as("byte " + at).isFalse();
        }
        assertThat(block.isAt(littleEndian(header), 32)).isTrue();
        assertThat(ImageBlock.decode(littleEndian(header), 32)).isEqualTo(block);
    }

    @Test
    void checksumOfABlockCoversItsHeaderAndItsPayload() {
        byte[] payload = {9, 1, 2, 3, 9};
        byte[] header = new byte[40];
        ImageBlock.encode(header, 8, 64, 1, 2, 3, payload, 1, 3);
        ImageBlock block = ImageBlock.decode(littleEndian(header), 8);
        assertThat(block).isEqualTo(new ImageBlock(block.crc(), 3, 64, 1, 2, 3));
        assertThat(block.end()).isEqualTo(64 + 32 + 3);
        assertThat(ImageBlock.crc(header, 8, payload, 1, 3)).isEqualTo(block.crc());

        for (int at = 12; at < 40; at++) {
            byte[] other = header.clone();
            other[at] ^= 1;
            assertThat(ImageBlock.crc(other, 8, payload, 1, 3)).isNotEqualTo(block.crc());
        }
        for (int at = 1; at < 4; at++) {
            byte[] other = payload.clone();
            other[at] ^= 1;
            assertThat(ImageBlock.crc(header, 8, other, 1, 3)).isNotEqualTo(block.crc());
        }
    }

    @Test
    void entriesOfAPageAreCountedWithoutASign() {
        assertThat(ImageBlock.entriesOf(new byte[] {0, (byte) 200})).isEqualTo(200);
    }

    @Test
    void tailReadsWhatItWrote() {
        byte[] footer = {1, 2, 3};
        ImageTail tail = ImageTail.behind(64, footer);

        assertThat(ImageTail.decode(tail.encode(), 64 + 3 + 32, "there")).isEqualTo(tail);
        assertThatCode(() -> tail.check(footer, "there")).doesNotThrowAnyException();
        assertThatThrownBy(() -> tail.check(new byte[] {1, 2, 4}, "there"))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("there, byte 64 of the image");
    }

    @Test
    void everyChangedBitOfATailIsDamage() {
        byte[] sound = ImageTail.behind(64, new byte[3]).encode();
        for (int bit = 0; bit < 8 * sound.length; bit++) {
            byte[] damaged = sound.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> ImageTail.decode(damaged, 99, "there"))
                    .as("bit " + bit)
                    .isInstanceOf(KvException.Corrupt.class)
                    .hasMessageContaining("there, byte 67 of the image: its end is missing or damaged");
        }
    }

    @Test
    void footerFillsWhatLiesBetweenTheBlocksAndTheTail() {
        for (long[] each :
                new long[][] {{63, 4, 99}, {64, 2, 99}, {64, 4, 99}, {68, -1, 99}, {64, 1L << 31, (1L << 31) + 96}}) {
            byte[] tail = new ImageTail(each[0], (int) each[1], 0).encode();
            littleEndian(tail).putLong(8, each[1]);
            LittleEndian.putInt(tail, 20, LittleEndian.crc32c(tail, 0, 20));
            assertThatThrownBy(() -> ImageTail.decode(tail, each[2], "there"))
                    .as(Arrays.toString(each))
                    .isInstanceOf(KvException.Corrupt.class)
                    .hasMessageStartingWith("there, byte " + (each[2] - 32)
                            + " of the image: the footer should lie at byte " + each[0]);
        }
    }

    @Test
    void footerMayBeEmptyOrAsLongAsAnArray() {
        assertThat(ImageTail.decode(new ImageTail(64, 0, 0).encode(), 96, "").footerLength())
                .isZero();
        int longest = Integer.MAX_VALUE - 8;
        assertThat(ImageTail.decode(new ImageTail(64, longest, 0).encode(), 96L + longest, "")
                        .footerLength())
                .isEqualTo(longest);
    }

    private static void footerOfOne(int length, int pages, long entries) {
        byte[] footer = footer(
                List.of(new ImageFooter.Tree(entries, 0)), List.of(new ImageBlock(0, length, 64, 0, pages, entries)));
        assertThat(ImageFooter.decode(footer, 96L + length, "there").blocks()).hasSize(1);
    }

    private static void assertBlockRefused(int number, ImageBlock wrong, String message) {
        List<ImageBlock> blocks = new ArrayList<>(BLOCKS);
        blocks.set(number, wrong);
        assertFooterRefused(footer(TREES, blocks), FOOTER_AT, message);
    }

    private static void assertFooterRefused(byte[] footer, long position, String message) {
        assertThatThrownBy(() -> ImageFooter.decode(footer, position, "there"))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("there, byte " + position + " of the image")
                .hasMessageContaining(message);
    }

    private static byte[] footer(List<ImageFooter.Tree> trees, List<ImageBlock> blocks) {
        byte[] headers = headers(blocks);
        return ImageFooter.encode(7, 8, 9, trees, Arrays.copyOf(headers, headers.length + 32), headers.length);
    }

    private static byte[] headers(List<ImageBlock> blocks) {
        ByteBuffer headers = littleEndian(new byte[32 * blocks.size()]);
        for (ImageBlock block : blocks) {
            headers.putInt(block.crc()).putInt(block.length()).putLong(block.position());
            headers.putInt(block.tree()).putInt(block.pages()).putLong(block.entries());
        }
        return headers.array();
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
