// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.format.ImageBlock;
import io.github.kvist.format.ImageHeader;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEditor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Whatever happens to the bytes: a typed refusal that names the place, and never a wrong value. */
final class CheckpointDamageTest {
    private static final long REVISION = 12;
    private static final byte[] SOUND = CheckpointBytes.of(
            new Image(REVISION, 200, 77, List.of(Trees.motley(), RadixTree.empty(), valueInABlockOfItsOwn())));

    @Test
    void everyFlippedBitIsRefused() {
        for (int i = 0; i < SOUND.length; i += step(i)) {
            for (int bit = 0; bit < 8; bit += i < 200 || i > SOUND.length - 400 ? 1 : 5) {
                byte[] damaged = SOUND.clone();
                damaged[i] ^= (byte) (1 << bit);

                assertRefused("bit " + bit + " of byte " + i, damaged);
            }
        }
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length < SOUND.length; length++) {
            assertRefused("cut to " + length, Arrays.copyOf(SOUND, length));
        }
    }

    @Test
    void addedBytesAreRefused() {
        for (int more = 1; more < 100; more++) {
            assertRefused(more + " zeros more", Arrays.copyOf(SOUND, SOUND.length + more));
        }
    }

    @Test
    void holesOfZerosAreRefused() {
        for (int at = 0; at + 512 <= SOUND.length; at += 97) {
            byte[] damaged = SOUND.clone();
            Arrays.fill(damaged, at, at + 512, (byte) 0);

            assertRefused("zeros from " + at, damaged);
        }
    }

    @Test
    void blockOfAnOlderCheckpointIsRefusedThoughItsChecksumIsRight() {
        byte[] older = CheckpointBytes.of(new Image(1, 1, 1, List.of(one((byte) 1))));
        byte[] newer = CheckpointBytes.of(new Image(2, 2, 2, List.of(one((byte) 2))));
        int blockEnd = ImageHeader.BYTES + ImageBlock.BYTES + payloadLength(newer, ImageHeader.BYTES);
        System.arraycopy(older, 64, newer, 64, blockEnd - 64);

        assertThatThrownBy(() -> CheckpointReader.read(CheckpointBytes.source(newer, 2)))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessage(
                        "checkpoint-2, byte 64 of the image: the block that begins here is damaged: its header is not the one that the"
                                + " footer knows. The disk decayed or the file was changed; restore a backup.");
    }

    @Test
    void newerVersionIsToldFromDamage() {
        byte[] newer = SOUND.clone();
        newer[8] = 2;
        sign(newer, 0, 60, 60);

        assertThatThrownBy(read(newer))
                .isInstanceOf(KvException.UnsupportedFormat.class)
                .hasMessage("checkpoint-12 is an image of format 2 with features 00000000; this version of Kvist reads"
                        + " format 1 without features. Open it with the version that wrote it, or a newer one.");
    }

    @Test
    void unknownFeatureIsRefused() {
        byte[] newer = SOUND.clone();
        newer[12] = 4;
        sign(newer, 0, 60, 60);

        assertThatThrownBy(read(newer))
                .isInstanceOf(KvException.UnsupportedFormat.class)
                .hasMessageContaining("features 00000004");
    }

    @Test
    void somethingElseIsRefused() {
        assertThatThrownBy(read(new byte[5_000])).isInstanceOf(KvException.UnsupportedFormat.class);
    }

    @Test
    void hostileBytesUnderRightChecksumsAreRefusedOrReadAsATree() {
        Random random = new Random(99);
        for (int i = ImageHeader.BYTES; i < SOUND.length; i += step(i)) {
            byte[] hostile = SOUND.clone();
            hostile[i] = (byte) random.nextInt();
            signAll(hostile, SOUND);

            assertTypedOrSound("byte " + i, hostile);
        }
    }

    @Test
    void hostileNumbersUnderRightChecksumsAreRefusedOrReadAsATree() {
        int[] numbers = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 1, 0x00ff_ffff, 0xc000_0001};
        for (int i = ImageHeader.BYTES; i + 4 <= SOUND.length; i += step(i)) {
            byte[] hostile = SOUND.clone();
            ByteBuffer.wrap(hostile).order(ByteOrder.LITTLE_ENDIAN).putInt(i, numbers[i % numbers.length]);
            signAll(hostile, SOUND);

            assertTypedOrSound("number at " + i, hostile);
        }
    }

    @Test
    void verifyNamesEveryDamagedBlock() {
        byte[] damaged = CheckpointBytes.of(new Image(REVISION, 1, 1, List.of(Trees.paths(8_000, 100))));
        int second = 64 + ImageBlock.BYTES + payloadLength(damaged, 64);
        damaged[64 + 500] ^= 1;
        damaged[second + 500] ^= 1;

        List<Finding> findings = CheckpointReader.verify(CheckpointBytes.source(damaged, REVISION));

        assertThat(findings).extracting(Finding::where).containsOnly("checkpoint-12");
        assertThat(findings)
                .extracting(Finding::what)
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("byte 64 of the image: the block that begins here is damaged"),
                        next -> assertThat(next)
                                .startsWith("byte " + second + " of the image: the block that begins here is damaged"));
    }

    @Test
    void verifyFindsBlocksInTheWrongOrderUnderRightChecksums() {
        byte[] bytes = CheckpointBytes.of(new Image(REVISION, 1, 1, List.of(one((byte) 1), one((byte) 2))));
        byte[] layout = bytes.clone();
        int block = ImageBlock.BYTES + payloadLength(bytes, 64);
        byte[] first = Arrays.copyOfRange(bytes, 64, 64 + block);
        System.arraycopy(bytes, 64 + block, bytes, 64, block);
        System.arraycopy(first, 0, bytes, 64 + block, block);
        // Both in one tree now, the greater key first.
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(64 + 8, 64).putInt(64 + 16, 0);
        buffer.putLong(64 + block + 8, 64 + block).putInt(64 + block + 16, 0);
        int footer = 64 + 2 * block;
        buffer.putLong(footer + 32, 2).putLong(footer + 40, 2 * buffer.getLong(footer + 40));
        buffer.putLong(footer + 48, 0).putLong(footer + 56, 0);
        signAll(bytes, layout);

        assertThat(CheckpointReader.verify(CheckpointBytes.source(bytes, REVISION)))
                .extracting(Finding::toString)
                .containsExactly("checkpoint-12, byte " + (64 + block)
                        + " of the image: the block that begins here does not continue the order of the keys");
        assertThatThrownBy(read(bytes)).isInstanceOf(KvException.Corrupt.class);
    }

    /** All bytes, but for those of one value of 32 KB, of which few are enough. */
    private static int step(int at) {
        int value = at - firstBlockEnd();
        return value > 100 && value < ImageBlock.OWN_BLOCK_BYTES - 200 ? 101 : 1;
    }

    private static int firstBlockEnd() {
        return ImageHeader.BYTES + ImageBlock.BYTES + payloadLength(SOUND, ImageHeader.BYTES);
    }

    @Test
    void totalsThatDoNotFitAreFoundUnderRightChecksums() {
        int footer = (int) number(SOUND, SOUND.length - 32);
        for (int field = footer + 32; field < footer + 32 + 3 * 16; field += 8) {
            byte[] hostile = SOUND.clone();
            hostile[field]++;
            signAll(hostile, SOUND);

            assertRefused("total at byte " + field, hostile);
        }
    }

    @Test
    void unknownFlagOfAPageIsRefused() {
        byte[] hostile = SOUND.clone();
        hostile[firstWord() + 3] |= 2;
        signAll(hostile, SOUND);

        assertThatThrownBy(read(hostile))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("a page has unknown flags");
    }

    @Test
    void pageThatIsNoneIsRefusedByItsNumber() {
        byte[] hostile = SOUND.clone();
        hostile[firstWord() + 4] ^= (byte) 0xf0;
        signAll(hostile, SOUND);

        assertThatThrownBy(read(hostile))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageStartingWith(
                        "checkpoint-12, byte 64 of the image: the block that begins here is wrong: its page 0 cannot be right: ")
                .hasMessageEndingWith("The file was changed or written wrongly; restore a backup.");
    }

    @Test
    void valueOfAnotherLengthThanAskedForIsRefused() {
        byte[] hostile = SOUND.clone();
        int lengths = (int) number(SOUND, SOUND.length - 32) - 300 - 2 * Integer.BYTES;
        hostile[lengths + 1]++; // 32,768 becomes 33,024
        signAll(hostile, SOUND);

        assertThatThrownBy(read(hostile))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("it asks for a value of 33024 bytes that does not lie before it");
    }

    /** Of the first page of the first block. */
    private static int firstWord() {
        return ImageHeader.BYTES + ImageBlock.BYTES;
    }

    private static long number(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
    }

    private static RadixTree one(byte key) {
        TreeEditor editor = RadixTree.empty().edit();
        Trees.put(editor, new byte[] {key}, new byte[] {5}, 1, RadixTree.NEVER);
        return editor.freeze();
    }

    private static RadixTree valueInABlockOfItsOwn() {
        TreeEditor editor = RadixTree.empty().edit();
        byte[] value = Trees.value(new Random(3), ImageBlock.OWN_BLOCK_BYTES);
        Trees.put(editor, new byte[] {1}, value, 1, RadixTree.NEVER);
        Trees.put(editor, new byte[] {2}, new byte[300], 2, RadixTree.NEVER);
        return editor.freeze();
    }

    private static ThrowingCallable read(byte[] bytes) {
        return () -> CheckpointReader.read(CheckpointBytes.source(bytes, REVISION));
    }

    private static void assertRefused(String what, byte[] damaged) {
        assertThatThrownBy(read(damaged))
                .as(what)
                .isInstanceOfAny(KvException.Corrupt.class, KvException.UnsupportedFormat.class)
                .hasMessageContaining("checkpoint-12");
        assertThat(CheckpointReader.verify(CheckpointBytes.source(damaged, REVISION)))
                .as(what)
                .isNotEmpty();
    }

    private static void assertTypedOrSound(String what, byte[] hostile) {
        assertThatCode(() -> {
                    try {
                        Image image = CheckpointReader.read(CheckpointBytes.source(hostile, REVISION));
                        image.trees().forEach(RadixTree::check);
                        Trees.entries(image.trees());
                    } catch (KvException.Corrupt e) {
                        assertThat(e).hasMessageContaining("checkpoint-12");
                    }
                    CheckpointReader.verify(CheckpointBytes.source(hostile, REVISION));
                })
                .as(what)
                .doesNotThrowAnyException();
    }

    /**
     * Signs all blocks again, copies their headers into the footer, and signs that, as an attacker would.
     *
     * @param layout says where everything lies
     */
    private static void signAll(byte[] bytes, byte[] layout) {
        ByteBuffer sound = ByteBuffer.wrap(layout).order(ByteOrder.LITTLE_ENDIAN);
        int tail = layout.length - 32;
        int footer = (int) sound.getLong(tail);
        int at = ImageHeader.BYTES;
        for (int copy = footer + 32 + 16 * sound.getInt(footer + 24); copy < tail; copy += ImageBlock.BYTES) {
            int end = at + ImageBlock.BYTES + payloadLength(layout, at);
            sign(bytes, at + 4, end, at);
            System.arraycopy(bytes, at, bytes, copy, ImageBlock.BYTES);
            at = end;
        }
        sign(bytes, footer, tail, tail + 16);
        sign(bytes, tail, tail + 20, tail + 20);
    }

    private static int payloadLength(byte[] bytes, int blockAt) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(blockAt + 4);
    }

    private static void sign(byte[] bytes, int from, int to, int crcAt) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(crcAt, (int) crc.getValue());
    }
}
