// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import io.github.kvist.format.ImageBlock;
import io.github.kvist.format.ImageFooter;
import io.github.kvist.format.ImageHeader;
import io.github.kvist.format.ImageTail;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEditor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images from a stream: what was written comes back, and what nobody can have written is refused, though its checksums are right. */
final class ImageReaderTest {

    private static final long REVISION = 7;

    private static RadixTree tree(int entries) {
        TreeEditor editor = RadixTree.empty().edit();
        for (int i = 0; i < entries; i++) {
            byte[] key = {(byte) (i >> 16), (byte) (i >> 8), (byte) i};
            byte[] value = new byte[i % 1000 == 0 ? 40_000 : i % 300];
            editor.put(key, value, 0, value.length, i, RadixTree.NEVER);
        }
        return editor.freeze();
    }

    private static Image read(byte[] bytes) {
        return ImageReader.read(new ByteArrayInputStream(bytes), "the image");
    }

    private static void assertCorrupt(byte[] bytes) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("the image");
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** A block of one page with one entry, of tree {@code number}, where the first block lies. */
    private static byte[] block(int number, int pages, int length) {
        byte[] payload = new byte[length];
        byte[] head = new byte[ImageBlock.BYTES];
        ImageBlock.encode(head, 0, ImageHeader.BYTES, number, pages, pages, payload, 0, length);
        return joined(head, payload);
    }

    @Test
    void whatWasWrittenComesBack() {
        Image image = new Image(REVISION, 9, 11, List.of(tree(20), RadixTree.empty(), tree(5_000), RadixTree.empty()));
        byte[] bytes = CheckpointBytes.of(image);

        Image read = read(bytes);

        assertThat(read.revision()).isEqualTo(REVISION);
        assertThat(read.versions()).isEqualTo(9);
        assertThat(read.millis()).isEqualTo(11);
        assertThat(read.trees()).hasSize(4);
        assertThat(CheckpointBytes.of(read)).isEqualTo(bytes);
        assertThatCode(() -> ImageReader.verify(new ByteArrayInputStream(bytes), "the image", entries -> {}))
                .doesNotThrowAnyException();
    }

    @Test
    void imageWithoutTreesComesBack() {
        assertThat(read(CheckpointBytes.of(new Image(0, 0, 0, List.of()))).trees())
                .isEmpty();
    }

    @Test
    void blockOfPagesThatIsTooLargeIsRefusedBeforeItIsRead() {
        byte[] header = new ImageHeader(REVISION).encode();
        byte[] head = new byte[ImageBlock.BYTES];
        ImageBlock.encode(
                head,
                0,
                header.length,
                0,
                1,
                1,
                new byte[ImageBlock.BLOCK_BYTES_MAX + 1],
                0,
                ImageBlock.BLOCK_BYTES_MAX + 1);

        assertThatThrownBy(() -> read(joined(header, head)))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("a block of pages has " + (ImageBlock.BLOCK_BYTES_MAX + 1) + " bytes");
    }

    @Test
    void numberOfATreeThatNobodyHasIsRefused() {
        assertCorrupt(joined(new ImageHeader(REVISION).encode(), block(ImageTrees.TREES_MAX + 1, 0, 40_000)));
    }

    @Test
    void footerOfAnotherRevisionIsRefused() {
        byte[] footer = ImageFooter.encode(REVISION + 1, 0, 0, List.of(), new byte[0], 0);

        assertCorrupt(joined(
                new ImageHeader(REVISION).encode(),
                footer,
                ImageTail.behind(ImageHeader.BYTES, footer).encode()));
    }

    @Test
    void negativeRevisionOrVersionIsRefused() {
        byte[] versions = ImageFooter.encode(REVISION, -1, 0, List.of(), new byte[0], 0);
        byte[] revision = ImageFooter.encode(-1, 0, 0, List.of(), new byte[0], 0);

        assertCorrupt(joined(
                new ImageHeader(REVISION).encode(),
                versions,
                ImageTail.behind(ImageHeader.BYTES, versions).encode()));
        assertCorrupt(joined(
                new ImageHeader(-1).encode(),
                revision,
                ImageTail.behind(ImageHeader.BYTES, revision).encode()));
    }

    @Test
    void footerWithMoreTreesThanAnybodyHasIsRefused() {
        byte[] footer = ImageFooter.encode(REVISION, 0, 0, List.of(), new byte[0], 0);
        footer[27] = 0x7F;

        assertCorrupt(joined(new ImageHeader(REVISION).encode(), footer));
    }

    @Test
    void tailThatNamesAnotherFooterIsRefused() {
        byte[] footer = ImageFooter.encode(REVISION, 0, 0, List.of(new ImageFooter.Tree(0, 0)), new byte[0], 0);
        byte[] shorter = Arrays.copyOfRange(footer, 16, footer.length);

        assertCorrupt(joined(
                new ImageHeader(REVISION).encode(),
                footer,
                ImageTail.behind(ImageHeader.BYTES + 16, shorter).encode()));
    }

    @Test
    void footerThatListsOtherBlocksIsRefused() {
        byte[] image = CheckpointBytes.of(new Image(REVISION, 9, 11, List.of(tree(20))));
        int footerBytes = 32 + ImageFooter.TREE_BYTES + ImageBlock.BYTES;
        int footerAt = image.length - ImageTail.BYTES - footerBytes;
        byte[] footer = Arrays.copyOfRange(image, footerAt, footerAt + footerBytes);
        footer[32 + ImageFooter.TREE_BYTES] ^= 1; // the checksum that the footer has of the block

        assertCorrupt(joined(
                Arrays.copyOf(image, footerAt),
                footer,
                ImageTail.behind(footerAt, footer).encode()));
    }
}
