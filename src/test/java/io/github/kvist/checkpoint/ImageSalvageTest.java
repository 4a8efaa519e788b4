// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.checkpoint.PartialImage.Loss;
import io.github.kvist.format.ImageBlock;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEditor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is still there of a damaged image: whole blocks, and of blocks that list values elsewhere the entries whose value is there. */
final class ImageSalvageTest {
    private static final long REVISION = 12;

    @Test
    void soundImageIsReadWhole() {
        byte[] sound = image(Trees.motley(), withValueElsewhere(), RadixTree.empty());

        PartialImage read = read(sound);

        assertThat(read.losses()).isEmpty();
        assertThat(read.revision()).isEqualTo(REVISION);
        assertThat(read.versions()).isEqualTo(200);
        assertThat(Trees.entries(read.trees()))
                .isEqualTo(Trees.entries(List.of(Trees.motley(), withValueElsewhere(), RadixTree.empty())));
    }

    @Test
    void lostValueCostsItsEntryOnly() {
        byte[] image = image(RadixTree.empty(), withValueElsewhere());
        image[64 + ImageBlock.BYTES + 1_000] ^= 1;

        PartialImage read = read(image);

        assertThat(read.trees().get(1).count()).isEqualTo(2);
        assertThat(read.trees().get(1).contains(new byte[] {1})).isFalse();
        assertThat(read.losses())
                .singleElement()
                .satisfies(loss -> assertThat(loss.what()).contains("list values that are damaged: 1 entries"));
    }

    @Test
    void damagedBlockCostsItsEntriesAndNoOthers() {
        byte[] image = image(Trees.paths(8_000, 100), one());
        image[64 + ImageBlock.BYTES + 5] ^= 1;

        PartialImage read = read(image);

        Loss loss = read.losses().get(0);
        assertThat(read.losses()).hasSize(1);
        assertThat(loss.tree()).isZero();
        assertThat(read.trees().get(0).count() + loss.entries()).isEqualTo(8_000);
        assertThat(read.trees().get(0).count()).isPositive();
        assertThat(read.trees().get(1).count()).isEqualTo(1);
    }

    @Test
    void blocksAreFoundWithoutTheFooter() {
        byte[] image = image(Trees.paths(8_000, 100), withValueElsewhere());
        image[image.length - 1] ^= 1;
        image[64 + ImageBlock.BYTES + 5] ^= 1;

        PartialImage read = read(image);

        assertThat(read.revision()).isEqualTo(REVISION);
        assertThat(read.versions()).isPositive();
        assertThat(read.losses().get(0).what()).contains("looked for");
        assertThat(read.trees().get(0).count()).isPositive().isLessThan(8_000);
        assertThat(read.trees().get(1).count()).isEqualTo(3);
    }

    @Test
    void revisionIsThatOfTheHeaderIfNothingElseTellsIt() {
        byte[] image = image(one());
        image[image.length - 1] ^= 1;

        assertThat(ImageSalvage.read(CheckpointBytes.source(image, -1)).revision())
                .isEqualTo(REVISION);

        image[20] ^= 1;

        assertThat(ImageSalvage.read(CheckpointBytes.source(image, -1)).revision())
                .isEqualTo(-1);
    }

    @Test
    void nothingIsFoundInSomethingElse() {
        for (int length : new int[] {0, 1, 63, 64, 95, 96, 97, 5_000}) {
            byte[] other = new byte[length];
            Arrays.fill(other, (byte) 7);

            PartialImage read = ImageSalvage.read(CheckpointBytes.source(other, -1));

            assertThat(read.trees()).isEmpty();
            assertThat(read.revision()).isEqualTo(-1);
            assertThat(read.losses()).hasSize(1);
        }
    }

    private static PartialImage read(byte[] image) {
        return ImageSalvage.read(CheckpointBytes.source(image, REVISION));
    }

    private static byte[] image(RadixTree... trees) {
        return CheckpointBytes.of(new Image(REVISION, 200, 77, List.of(trees)));
    }

    private static RadixTree one() {
        TreeEditor editor = RadixTree.empty().edit();
        Trees.put(editor, new byte[] {9}, new byte[] {5}, 1, RadixTree.NEVER);
        return editor.freeze();
    }

    private static RadixTree withValueElsewhere() {
        TreeEditor editor = RadixTree.empty().edit();
        Trees.put(editor, new byte[] {1}, Trees.value(new Random(3), ImageBlock.OWN_BLOCK_BYTES), 1, RadixTree.NEVER);
        Trees.put(editor, new byte[] {2}, new byte[300], 2, RadixTree.NEVER);
        Trees.put(editor, new byte[] {3}, new byte[3], 3, RadixTree.NEVER);
        return editor.freeze();
    }
}
