// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Storage.CheckpointSource;
import io.github.kvist.format.ImageBlock;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEditor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Images whose checksums are right and whose parts do not belong together: each reader says so, from the end of a file or from the
 * front of a stream.
 */
final class HandmadeImagesTest {
    private static final long REVISION = 5;
    private static final byte[] LONG = new byte[ImageBlock.OWN_BLOCK_BYTES];

    private final RadixTree one = tree(new byte[] {1}, new byte[8]);
    private final RadixTree other = tree(new byte[] {2}, new byte[300]);
    private final RadixTree withLong = tree(new byte[] {3}, LONG);

    @Test
    void soundImageIsRead() {
        HandmadeImage image = new HandmadeImage(REVISION)
                .pages(0, one)
                .value(2, LONG)
                .pages(2, withLong)
                .total(one)
                .total(0, 0)
                .total(withLong);

        assertThat(Trees.entries(read(image.bytes()).trees()))
                .isEqualTo(Trees.entries(List.of(one, RadixTree.empty(), withLong)));
        assertThat(Trees.entries(stream(image.bytes()).trees()))
                .isEqualTo(Trees.entries(List.of(one, RadixTree.empty(), withLong)));
        assertThat(CheckpointReader.verify(source(image.bytes()))).isEmpty();
    }

    @Test
    void treeOfOtherBytesThanTheFooterSaysIsRefused() {
        assertRefused(
                new HandmadeImage(REVISION).pages(0, one).total(1, one.bytes() + 1),
                "tree 0 has 1 entries of 9 bytes, the footer says 1 of 10");
    }

    @Test
    void valueThatNoPageAsksForIsRefused() {
        assertRefused(
                new HandmadeImage(REVISION).value(0, LONG).pages(0, one).total(one),
                "no page asks for a value that lies before it");
        assertRefused(
                new HandmadeImage(REVISION)
                        .value(0, LONG)
                        .value(0, LONG)
                        .pages(0, withLong)
                        .total(withLong),
                "no page asks for a value that lies before it");
        assertRefused(
                new HandmadeImage(REVISION).pages(0, one).value(0, LONG).total(one),
                "tree 0 ends with a value that no page asks for");
    }

    @Test
    void valueThatDoesNotLieBeforeItsPageIsRefused() {
        assertRefused(
                new HandmadeImage(REVISION).pages(0, withLong).total(withLong),
                "it asks for a value of 32768 bytes that does not lie before it");
        assertRefused(
                new HandmadeImage(REVISION)
                        .value(0, new byte[LONG.length + 1])
                        .pages(0, withLong)
                        .total(withLong),
                "it asks for a value of 32768 bytes that does not lie before it");
    }

    @Test
    void blockOfATreeThatHasEndedIsRefused() {
        HandmadeImage image = new HandmadeImage(REVISION)
                .pages(1, one)
                .pages(0, other)
                .total(other)
                .total(one);

        assertThatThrownBy(() -> stream(image.bytes()))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("is of tree 0 after one of tree 1");
        assertThatThrownBy(() -> read(image.bytes()))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("belongs to no tree that can follow");
    }

    @Test
    void pagesOutOfOrderAreRefused() {
        assertRefused(
                new HandmadeImage(REVISION).pages(0, other).pages(0, one).total(2, one.bytes() + other.bytes()),
                "of the image");
    }

    @Test
    void blockThatEndsWithinANumberIsRefused() {
        byte[] page = payload(one);

        assertRefused(block(2, 2, joined(page, new byte[3])), "it ends within a number");
        assertRefused(block(1, 1, joined(page, new byte[1])), "1 bytes follow its last page");
        assertRefused(block(1, 1, Arrays.copyOf(page, page.length - 1)), "bytes are asked for where");
    }

    @Test
    void blockOfOtherEntriesThanItSaysIsRefused() {
        assertRefused(block(1, 2, payload(one)), "its pages hold 1 entries instead of 2");
    }

    @Test
    void pageTooShortToBeOneIsRefused() {
        assertRefused(block(1, 1, joined(HandmadeImage.number(5), new byte[5])), "a page has only 5 bytes");
    }

    @Test
    void bigValuesOfAPageAreHeldAgainstWhatIsLeft() {
        byte[] page = Arrays.copyOfRange(payload(other), 4, payload(other).length - 300 - 8);
        byte[] head = joined(HandmadeImage.number(page.length | ImageBlock.BIG), page);

        for (int count : new int[] {0, -1, 2, Integer.MAX_VALUE}) {
            assertRefused(
                    block(1, 1, joined(head, HandmadeImage.number(count), HandmadeImage.number(300))),
                    "a page has " + Integer.toUnsignedString(count) + " big values");
        }
        for (int length : new int[] {0, -1}) {
            assertRefused(
                    block(1, 1, joined(head, HandmadeImage.number(1), HandmadeImage.number(length))),
                    "a big value has " + Integer.toUnsignedString(length) + " bytes");
        }
        assertRefused(
                block(1, 1, joined(head, HandmadeImage.number(1), HandmadeImage.number(300), new byte[299])),
                "300 bytes are asked for where 299 are left");
    }

    @Test
    void revisionIsTheSameInNameHeaderAndFooter() {
        assertRefused(new HandmadeImage(REVISION).footerRevision(REVISION + 1), "its footer");
        assertRefused(new HandmadeImage(REVISION).versions(-1), "");
        byte[] anothers = new HandmadeImage(REVISION).bytes();
        assertThatThrownBy(() -> CheckpointReader.read(CheckpointBytes.source(anothers, REVISION + 1)))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("should hold revision 6, but its header says 5 and its footer 5");
        byte[] negative = new HandmadeImage(-1).bytes();
        assertThatThrownBy(() -> CheckpointReader.read(CheckpointBytes.source(negative, -1)))
                .isInstanceOf(KvException.Corrupt.class);
    }

    @Test
    void imageOfNegativeNumbersCannotBeMade() {
        assertThatThrownBy(() -> new Image(-1, 0, 0, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1 and 0");
        assertThatThrownBy(() -> new Image(0, -1, 0, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void imageOfManyBlocksIsReadFromAStream() {
        TreeEditor editor = RadixTree.empty().edit();
        for (int i = 0; i < 150; i++) {
            Trees.put(editor, new byte[] {(byte) i}, LONG, i, RadixTree.NEVER);
        }
        RadixTree tree = editor.freeze();
        byte[] bytes = CheckpointBytes.of(new Image(REVISION, 0, 0, List.of(tree)));

        assertThat(stream(bytes).trees().get(0).count()).isEqualTo(150);
        assertThat(read(bytes).trees().get(0).bytes()).isEqualTo(tree.bytes());
        assertThat(CheckpointReader.verify(source(bytes))).isEmpty();
    }

    @Test
    void pageWhoseValuesAreLargerThanABlockHasOneOfItsOwn() {
        TreeEditor editor = RadixTree.empty().edit();
        for (int i = 0; i < 12; i++) {
            Trees.put(editor, new byte[] {(byte) i}, new byte[ImageBlock.OWN_BLOCK_BYTES - 1], i, RadixTree.NEVER);
        }
        RadixTree tree = editor.freeze();
        byte[] bytes = CheckpointBytes.of(new Image(REVISION, 0, 0, List.of(tree, one)));

        assertThat(Trees.entries(read(bytes).trees())).isEqualTo(Trees.entries(List.of(tree, one)));
        assertThat(Trees.entries(stream(bytes).trees())).isEqualTo(Trees.entries(List.of(tree, one)));
    }

    @Test
    void errorWhileABlockIsReadReachesTheCaller() {
        byte[] bytes = CheckpointBytes.of(new Image(REVISION, 0, 0, List.of(one)));
        OutOfMemoryError error = new OutOfMemoryError("planted");

        assertThatThrownBy(() -> CheckpointReader.read(failingInBlocks(bytes, error)))
                .isSameAs(error);
    }

    @Test
    void interruptWhileACheckpointIsReadIsKept() {
        byte[] bytes = CheckpointBytes.of(new Image(REVISION, 0, 0, List.of(one, other)));
        Thread.currentThread().interrupt();

        Image image = read(bytes);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(image.trees()).hasSize(2);
    }

    private static CheckpointSource failingInBlocks(byte[] bytes, Error error) {
        CheckpointSource sound = source(bytes);
        return new CheckpointSource() {
            @Override
            public long revision() {
                return sound.revision();
            }

            @Override
            public long length() {
                return sound.length();
            }

            @Override
            public String description() {
                return sound.description();
            }

            @Override
            public void read(long position, byte[] target, int offset, int length) {
                if (Thread.currentThread().getName().equals("kvist-checkpoint-reader")) {
                    throw error;
                }
                sound.read(position, target, offset, length);
            }

            @Override
            public void close() {
                sound.close();
            }
        };
    }

    private static void assertRefused(HandmadeImage image, String message) {
        assertThatThrownBy(() -> read(image.bytes()))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining(message);
        assertThatThrownBy(() -> stream(image.bytes()))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining(message);
        assertThat(CheckpointReader.verify(source(image.bytes()))).isNotEmpty();
    }

    private static HandmadeImage block(int pages, long entries, byte[] payload) {
        return new HandmadeImage(REVISION).block(0, pages, entries, payload).total(entries, 0);
    }

    private static byte[] payload(RadixTree tree) {
        byte[][] payload = new byte[1][];
        tree.pages((page, big, underSep) -> payload[0] = HandmadeImage.page(page, big, underSep));
        return payload[0];
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static RadixTree tree(byte[] key, byte[] value) {
        TreeEditor editor = RadixTree.empty().edit();
        Trees.put(editor, key, value, 1, RadixTree.NEVER);
        return editor.freeze();
    }

    private static CheckpointSource source(byte[] bytes) {
        return CheckpointBytes.source(bytes, REVISION);
    }

    private static Image read(byte[] bytes) {
        return CheckpointReader.read(source(bytes));
    }

    private static Image stream(byte[] bytes) {
        return ImageReader.read(new ByteArrayInputStream(bytes), "the image");
    }
}
