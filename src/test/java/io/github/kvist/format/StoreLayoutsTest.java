// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import io.github.kvist.format.Manifest.Checkpoint;
import io.github.kvist.format.Manifest.Mark;
import io.github.kvist.format.Manifest.Start;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The small fixed layouts of a store: manifest, header of a segment, header of a checkpoint, frame. */
final class StoreLayoutsTest {
    private static final long STORE = 0x1122_3344_5566_7788L;
    private static final Manifest MANIFEST = new Manifest(
            STORE,
            new Start(3, 0xaabb_ccdd, 40),
            new Mark(4, 0x0102_0304, 128, 50),
            4096,
            true,
            new Checkpoint(7, 45, 1000, 0x0a0b_0c0d));

    static Stream<Arguments> layouts() {
        return Stream.of(
                layout(MANIFEST.encode(), bytes -> Manifest.decode(bytes, "there")),
                layout(new SegmentHeader(3, STORE, 1 << 20).encode(), bytes -> SegmentHeader.decode(bytes, "there")),
                layout(new CheckpointHeader(3, STORE, 12).encode(), bytes -> CheckpointHeader.decode(bytes, "there")));
    }

    private static Arguments layout(byte[] bytes, Function<byte[], Object> decode) {
        return Arguments.of(bytes, decode);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void everyChangedBitIsDamage(byte[] bytes, Function<byte[], Object> decode) {
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> decode.apply(damaged))
                    .as("bit " + bit)
                    .isInstanceOf(KvException.Corrupt.class)
                    .hasMessageContaining("there")
                    .hasMessageContaining("Restore");
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void everyOtherLengthIsDamage(byte[] bytes, Function<byte[], Object> decode) {
        for (int length = 0; length < bytes.length + 9; length++) {
            byte[] other = Arrays.copyOf(bytes, length);
            if (length != bytes.length) {
                assertThatThrownBy(() -> decode.apply(other))
                        .as("%d bytes", length)
                        .isInstanceOf(KvException.Corrupt.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void newerVersionIsNoDamage(byte[] bytes, Function<byte[], Object> decode) {
        byte[] newer = Arrays.copyOf(bytes, bytes.length + 16);
        LittleEndian.putInt(newer, 8, 2);
        for (byte[] each : new byte[][] {newer, Arrays.copyOf(newer, bytes.length)}) {
            sign(each);
            assertThatThrownBy(() -> decode.apply(each))
                    .isInstanceOf(KvException.UnsupportedFormat.class)
                    .hasMessageContaining("version 2")
                    .hasMessageContaining("newer");
        }
    }

    @Test
    void manifestReadsWhatItWrote() {
        Manifest unsealed = Manifest.ofNewStore(STORE).unsealed(new Mark(1, 0, 64, 0), 4096);

        assertThat(Manifest.decode(MANIFEST.encode(), "")).isEqualTo(MANIFEST);
        assertThat(Manifest.decode(unsealed.encode(), "")).isEqualTo(unsealed);
        assertThat(Manifest.decode(Manifest.ofNewStore(STORE).encode(), "")).isEqualTo(Manifest.ofNewStore(STORE));
    }

    @Test
    void unknownFeatureIsRefused() {
        byte[] bytes = MANIFEST.encode();
        bytes[31] = 1;
        sign(bytes);

        assertThatThrownBy(() -> Manifest.decode(bytes, "there"))
                .isInstanceOf(KvException.UnsupportedFormat.class)
                .hasMessageContaining("features 100000000000000");
    }

    @Test
    void manifestThatContradictsItselfIsRefused() {
        for (int field : new int[] {32, 40, 48, 56, 64, 72, 84, 88, 96}) {
            byte[] bytes = MANIFEST.encode();
            LittleEndian.putInt(bytes, field, field == 56 ? 63 : field == 72 || field == 88 ? 39 : 0);
            if (field == 40 || field == 64) {
                LittleEndian.putLong(bytes, field, -1);
            }
            if (field == 48) {
                LittleEndian.putInt(bytes, field, -1);
            }
            sign(bytes);
            assertThatThrownBy(() -> Manifest.decode(bytes, "there"))
                    .as("field at " + field)
                    .isInstanceOf(KvException.Corrupt.class)
                    .hasMessageContaining("contradicts");
        }
    }

    @Test
    void manifestLiesAsItIsDrawn() {
        assertThat(HexFormat.of().formatHex(MANIFEST.encode()))
                .isEqualTo("4b564953544d414e0100000080000000887766554433221100000000000000000300000"
                        + "0ddccbbaa280000000000000004000000040302018000000000000000320000000000000000100000000000000"
                        + "1000000070000002d00000000000000e8030000000000000d0c0b0a"
                        + "00000000000000000000000000000000"
                        + HexFormat.of().formatHex(MANIFEST.encode(), Manifest.SIZE - 4, Manifest.SIZE));
    }

    @Test
    void frameSurroundsItsPayload() {
        byte[] array = new byte[100];
        Arrays.fill(array, (byte) 9);
        Frame frame = new Frame(5, STORE, 3, 64, 10, 12, 8, 0xaabb_ccdd, Frame.COMMITS);

        int crc = frame.complete(array, 60);

        assertThat(Frame.read(array, 4)).isEqualTo(frame);
        assertThat(frame.size()).isEqualTo(64);
        assertThat(Frame.storedCrc(array, 4)).isEqualTo(crc).isEqualTo(Frame.computedCrc(array, 4, 64));
        assertThat(Arrays.copyOf(array, 4)).containsOnly(9);
        assertThat(Arrays.copyOfRange(array, 60, 65)).containsOnly(9);
        assertThat(Arrays.copyOfRange(array, 65, 68)).containsOnly(0);
        assertThat(Arrays.copyOfRange(array, 68, 100)).containsOnly(9);
    }

    @Test
    void everyBitOfAFrameIsUnderItsChecksum() {
        byte[] array = new byte[72];
        new Frame(9, STORE, 3, 64, 10, 12, 8, 0, Frame.COMMITS).complete(array, Frame.HEAD);
        for (int bit = 0; bit < 8 * array.length; bit++) {
            byte[] damaged = array.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(Frame.storedCrc(damaged, 0)).isNotEqualTo(Frame.computedCrc(damaged, 0, 72));
        }
    }

    @Test
    void frameClaimsOnlyItsOwnPlace() {
        Frame frame = new Frame(5, STORE, 3, 64, 10, 12, 8, 0, Frame.COMMITS);

        assertThat(frame.claims(STORE, 3, 64)).isTrue();
        assertThat(frame.claims(STORE + 1, 3, 64)).isFalse();
        assertThat(frame.claims(STORE, 4, 64)).isFalse();
        assertThat(frame.claims(STORE, 3, 72)).isFalse();
    }

    @Test
    void nonsenseClaimsNothing() {
        assertThat(claims(-1, 10, 12, Frame.COMMITS)).isFalse();
        assertThat(claims(5, 0, 12, Frame.COMMITS)).isFalse();
        assertThat(claims(5, 13, 12, Frame.COMMITS)).isFalse();
        assertThat(claims(5, 10, 12, Frame.END)).isFalse();
        assertThat(claims(0, 12, 12, Frame.END)).isTrue();
        assertThat(claims(0, 10, 12, 3)).isFalse();
    }

    private static boolean claims(int length, long first, long last, int kind) {
        return new Frame(length, STORE, 3, 64, first, last, 0, 0, kind).claims(STORE, 3, 64);
    }

    private static void sign(byte[] bytes) {
        LittleEndian.putInt(bytes, bytes.length - 4, LittleEndian.crc32c(bytes, 0, bytes.length - 4));
    }
}
