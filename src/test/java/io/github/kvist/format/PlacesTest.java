// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import io.github.kvist.format.Manifest.Checkpoint;
import io.github.kvist.format.Manifest.Mark;
import io.github.kvist.format.Manifest.Start;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Places in a log and owners of files are told apart by each of their fields; a manifest is held to what can be. */
final class PlacesTest {

    @Test
    void marksAreAtTheSamePlaceOnlyIfAllOfThemIsTheSame() {
        Mark mark = new Mark(1, 2, 3, 4);

        assertThat(mark.isAt(new Mark(1, 2, 3, 4))).isTrue();
        for (Mark other :
                List.of(new Mark(0, 2, 3, 4), new Mark(1, 0, 3, 4), new Mark(1, 2, 0, 4), new Mark(1, 2, 3, 0))) {
            assertThat(mark.isAt(other)).as(other.toString()).isFalse();
        }
    }

    @Test
    void checkpointIsOfOneStoreOneNumberAndOneRevision() {
        CheckpointHeader header = new CheckpointHeader(1, 2, 3);

        assertThat(header.isOf(1, 2, 3)).isTrue();
        assertThat(header.isOf(0, 2, 3)).isFalse();
        assertThat(header.isOf(1, 0, 3)).isFalse();
        assertThat(header.isOf(1, 2, 0)).isFalse();
    }

    @Test
    void headersOfFilesLieAsTheyAreDrawn() {
        byte[] segment = new SegmentHeader(3, 0x1122_3344_5566_7788L, 1 << 20).encode();
        byte[] checkpoint = new CheckpointHeader(7, 0x1122_3344_5566_7788L, 12).encode();

        assertThat(HexFormat.of().formatHex(segment, 0, 60))
                .isEqualTo("4b564953544c4f47" + "01000000" + "03000000" + "8877665544332211" + "0000100000000000"
                        + "00".repeat(28));
        assertThat(HexFormat.of().formatHex(checkpoint, 0, 60))
                .isEqualTo("4b5649535443484b" + "01000000" + "07000000" + "8877665544332211" + "0c00000000000000"
                        + "00".repeat(28));
        assertThat(SegmentHeader.decode(segment, "there"))
                .isEqualTo(new SegmentHeader(3, 0x1122_3344_5566_7788L, 1 << 20));
        assertThat(CheckpointHeader.decode(checkpoint, "there"))
                .isEqualTo(new CheckpointHeader(7, 0x1122_3344_5566_7788L, 12));
    }

    @Test
    void manifestAtTheEdgeOfWhatCanBeIsRead() {
        for (Manifest manifest : List.of(
                new Manifest(1, new Start(1, 0, 0), new Mark(0, 0, 0, 0), 0, false, null),
                new Manifest(1, new Start(1, 0, 0), new Mark(1, 0, 64, 0), 64, false, null),
                new Manifest(1, new Start(1, 0, 5), new Mark(1, 0, 64, 5), 64, true, new Checkpoint(1, 5, 64, 0)))) {
            assertThat(Manifest.decode(manifest.encode(), "there")).isEqualTo(manifest);
        }
    }

    @Test
    void manifestBeyondTheEdgeIsRefused() {
        for (Manifest manifest : List.of(
                new Manifest(1, new Start(0, 0, 0), Mark.NONE, 0, false, null),
                new Manifest(1, new Start(1, 0, -1), Mark.NONE, 0, false, null),
                new Manifest(1, new Start(1, 0, 1), Mark.NONE, 0, false, null),
                new Manifest(1, new Start(1, 0, 0), new Mark(-1, 0, 64, 0), 64, false, null),
                new Manifest(1, new Start(1, 0, 0), new Mark(1, 0, 63, 0), 64, false, null),
                new Manifest(1, new Start(1, 0, 0), new Mark(1, 0, 64, -1), 64, false, null),
                new Manifest(1, new Start(1, 0, 0), new Mark(0, 0, -1, 0), 64, false, null),
                new Manifest(1, new Start(1, 0, 0), new Mark(1, 0, 64, 0), 63, false, null),
                new Manifest(1, new Start(1, 0, 0), Mark.NONE, 0, false, new Checkpoint(-1, 5, 64, 0)),
                new Manifest(1, new Start(1, 0, 0), Mark.NONE, 0, false, new Checkpoint(1, 5, 63, 0)),
                new Manifest(1, new Start(1, 0, 6), Mark.NONE, 0, false, new Checkpoint(1, 5, 64, 0)))) {
            assertThatThrownBy(() -> Manifest.decode(manifest.encode(), "there"))
                    .as(manifest.toString())
                    .isInstanceOf(KvException.Corrupt.class)
                    .hasMessageContaining("there contradicts itself");
        }
    }

    @Test
    void aNewManifestKeepsWhatIsNotReplaced() {
        Manifest manifest =
                new Manifest(1, new Start(2, 3, 4), new Mark(5, 6, 70, 8), 90, true, new Checkpoint(1, 9, 64, 7));

        assertThat(manifest.withStart(new Start(3, 3, 5)))
                .isEqualTo(new Manifest(1, new Start(3, 3, 5), manifest.mark(), 90, true, manifest.checkpoint()));
        assertThat(manifest.withCheckpoint(new Checkpoint(2, 10, 65, 8)))
                .isEqualTo(new Manifest(1, manifest.start(), manifest.mark(), 90, true, new Checkpoint(2, 10, 65, 8)));
        assertThat(manifest.unsealed(new Mark(5, 6, 80, 9), 100))
                .isEqualTo(new Manifest(1, manifest.start(), new Mark(5, 6, 80, 9), 100, false, manifest.checkpoint()));
        assertThat(manifest.sealed(new Mark(5, 6, 80, 9)))
                .isEqualTo(new Manifest(1, manifest.start(), new Mark(5, 6, 80, 9), 80, true, manifest.checkpoint()));
    }

    @Test
    void frameIsAsLongAsItsPayloadAndItsHeadInWholeWords() {
        assertThat(Frame.sizeOf(0)).isEqualTo(56);
        assertThat(Frame.sizeOf(1)).isEqualTo(64);
        assertThat(Frame.sizeOf(8)).isEqualTo(64);
        assertThat(Frame.sizeOf(9)).isEqualTo(72);
        assertThat(Frame.sizeOf(Integer.MAX_VALUE)).isEqualTo((1L << 31) + 56);
    }

    @Test
    void frameWithoutAPayloadClaimsItsPlace() {
        Frame empty = new Frame(0, 1, 2, 3, 1, 1, 0, 0, Frame.COMMITS);

        assertThat(empty.claims(1, 2, 3)).isTrue();
        assertThat(new Frame(0, 1, 2, 3, 5, 4, 0, 0, Frame.END).claims(1, 2, 3)).isTrue();
        assertThat(new Frame(1, 1, 2, 3, 5, 4, 0, 0, Frame.END).claims(1, 2, 3)).isFalse();
    }
}
