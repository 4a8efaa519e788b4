// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Recovery;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.format.Frame;
import io.github.kvist.format.SegmentHeader;
import io.github.kvist.testkit.KnownFrames;
import io.github.kvist.testkit.PowerCut;
import io.github.kvist.testkit.SimulatedDisk;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Bytes that are whole frames or segments by themselves, and yet no part of this log: of another store, of another place, of
 * another history, or inside the value that somebody stored.
 */
final class ForeignFramesTest {
    private static final int SEGMENT_BYTES = 1 << 18;
    private static final int LENGTH = 4;
    private static final String FIRST = StoreFiles.segment(1);
    private static final String SECOND = StoreFiles.segment(2);
    private static final long STORED = 3;

    /** What vouches for revision 4 is itself a whole frame of this store, segment and place. */
    @Test
    void frameBehindABadOneThatKnowsOfALostRevisionRefuses() {
        assertThatThrownBy(() -> recover(tornAround((store, position) -> frame(store, 1, position))))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("revisions 4 to 4, which were durable, are lost");
    }

    @Test
    void frameOfAnotherStoreInsideAValueVouchesForNothing() {
        assertThat(recover(tornAround((store, position) -> frame(store + 1, 1, position)))
                        .revision())
                .isEqualTo(STORED);
    }

    @Test
    void frameOfAnotherSegmentInsideAValueVouchesForNothing() {
        assertThat(recover(tornAround((store, position) -> frame(store, 2, position)))
                        .revision())
                .isEqualTo(STORED);
    }

    @Test
    void frameOfAnotherPlaceInsideAValueVouchesForNothing() {
        assertThat(recover(tornAround((store, position) -> frame(store, 1, position + 8)))
                        .revision())
                .isEqualTo(STORED);
    }

    @Test
    void valueFullOfBeginningsOfFramesIsRefusedInTime() {
        assertThatThrownBy(() -> recover(tornAround(ForeignFramesTest::beginnings)))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("more beginnings of frames than a crash leaves");
    }

    @Test
    void lengthBeyondTheFileIsNotAllocated() {
        SimulatedDisk disk = tornAround((store, position) -> new byte[100]);
        byte[] content = disk.contentOf(FIRST);
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putInt(startOfLast(content) + LENGTH, 300 << 20);
        disk.place(FIRST, content);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        RecoveryReport report = recover(disk);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100 << 20);
        assertThat(report.findings()).singleElement().asString().contains("does not fit into the file");
    }

    @Test
    void lastSegmentOfAnotherStoreIsNoTornEnd() {
        SimulatedDisk disk = filled(STORED, SEGMENT_BYTES);
        disk.place(FIRST, filled(STORED, SEGMENT_BYTES).contentOf(FIRST));

        assertThatThrownBy(() -> recover(disk))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("another store");
    }

    @Test
    void lastSegmentThatIsAnotherOneIsNoTornEnd() {
        SimulatedDisk disk = ofTwoSegments();
        disk.place(SECOND, disk.contentOf(FIRST));

        assertThatThrownBy(() -> recover(disk))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("under a wrong name");
    }

    @Test
    void missingLastSegmentIsNoTornEnd() {
        SimulatedDisk disk = ofTwoSegments();
        disk.place(SECOND, null);

        assertThatThrownBy(() -> recover(disk))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining(SECOND + ": the file is missing");
    }

    @Test
    void badEndOfTheSegmentBeforeTheLastIsNoTornEnd() {
        SimulatedDisk disk = ofTwoSegments();
        byte[] content = disk.contentOf(FIRST);
        content[startOfLast(content)] ^= 1;
        disk.place(FIRST, content);

        assertThatThrownBy(() -> recover(disk))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("yet goes on in " + SECOND);
    }

    @Test
    void logOfAnotherHistoryOfTheSameStoreIsRefused() {
        SimulatedDisk disk = filled(STORED, SEGMENT_BYTES);
        close(disk);
        SimulatedDisk other = disk.afterKill();
        goOn(disk, 1);
        goOn(other, 2);
        disk.place(FIRST, other.contentOf(FIRST));

        assertThatThrownBy(() -> recover(disk))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("the manifest knows revision 4");
    }

    @Test
    void cutEndIsNotFoundAgainAfterAPowerCut() {
        SimulatedDisk disk = tornAround((store, position) -> ones());
        FileStorage storage = open(disk);
        KnownFrames.recover(storage);
        assertThat(storage.recovery().findings()).hasSize(1);
        KnownFrames.append(storage, STORED + 1, Durability.SYNC);

        RecoveryReport report = recover(disk.afterPowerCut(PowerCut.LOSES_ALL, new Random(1)));

        assertThat(report.findings()).isEmpty();
        assertThat(report.revision()).isEqualTo(STORED + 1);
    }

    private static byte[] ones() {
        byte[] bytes = new byte[SEGMENT_BYTES - (4 << 10)];
        Arrays.fill(bytes, (byte) 1);
        return bytes;
    }

    private interface Forgery {
        byte[] bytes(long storeId, long position);
    }

    /** A store whose last frame is torn, and held a value that begins with what was forged for its place. */
    private static SimulatedDisk tornAround(Forgery forgery) {
        SimulatedDisk disk = filled(STORED, SEGMENT_BYTES);
        byte[] content = disk.contentOf(FIRST);
        int end = endOf(content);
        long storeId = SegmentHeader.decode(Arrays.copyOf(content, SegmentHeader.SIZE), FIRST)
                .storeId();
        byte[] payload = forgery.bytes(storeId, end + (long) Frame.HEAD);
        byte[] array = new byte[Frame.HEAD + payload.length + Frame.ALIGNMENT];
        System.arraycopy(payload, 0, array, Frame.HEAD, payload.length);
        new Frame(payload.length, storeId, 1, end, STORED + 1, STORED + 1, STORED, 0, Frame.COMMITS)
                .complete(array, Frame.HEAD);
        array[0] ^= 1;
        System.arraycopy(array, 0, content, end, array.length);
        disk.place(FIRST, content);
        return disk;
    }

    /** A whole frame that knows of a durable revision 4. */
    private static byte[] frame(long storeId, int segment, long position) {
        byte[] array = new byte[Frame.HEAD];
        new Frame(0, storeId, segment, position, STORED + 2, STORED + 2, STORED + 1, 0, Frame.COMMITS)
                .complete(array, Frame.HEAD);
        return array;
    }

    /** Each claims all bytes up to the end of the segment, and none is whole. */
    private static byte[] beginnings(long storeId, long position) {
        byte[] array = new byte[60 << 10];
        for (int at = 0; at + Frame.HEAD < array.length; at += Frame.HEAD) {
            int length = array.length - at - Frame.HEAD;
            long place = position + at;
            byte[] head = new byte[Frame.HEAD + length + Frame.ALIGNMENT];
            new Frame(length, storeId, 1, place, STORED + 2, STORED + 2, STORED + 1, 0, Frame.COMMITS)
                    .complete(head, Frame.HEAD);
            System.arraycopy(head, 0, array, at, Frame.HEAD);
        }
        return array;
    }

    /** The manifest knows of nothing in the second segment, nor of the end of the first. */
    private static SimulatedDisk ofTwoSegments() {
        long revision = 1;
        SimulatedDisk disk = filled(revision, SmallSegments.FIRST);
        while (disk.contentOf(SECOND) == null || endOf(disk.contentOf(SECOND)) == SegmentHeader.SIZE) {
            disk = filled(++revision, SmallSegments.FIRST);
        }
        assertThat(disk.contentOf(StoreFiles.segment(3))).isNull();
        return disk;
    }

    /** As it is found when the process was killed after some revisions. */
    private static SimulatedDisk filled(long revisions, int segmentBytes) {
        SimulatedDisk disk = new SimulatedDisk();
        FileStorage storage = new FileStorage(disk, segmentBytes, SEGMENT_BYTES, Runnable::run);
        storage.open(Recovery.DROP_TORN_TAIL, false);
        KnownFrames.recover(storage);
        for (long revision = 1; revision <= revisions; revision++) {
            KnownFrames.append(storage, revision, Durability.SYNC);
        }
        return disk.afterKill();
    }

    /** Two sessions, of one revision each; the second begins by telling the manifest how far the first has come. */
    private static void goOn(SimulatedDisk disk, int content) {
        for (long revision = STORED + 1; revision <= STORED + 2; revision++) {
            FileStorage storage = open(disk);
            storage.replay(0, (first, array, offset, length, where) -> {});
            KnownFrames.append(storage, revision, revision, new byte[] {(byte) content}, Durability.SYNC);
            if (revision == STORED + 1) {
                storage.close();
            }
        }
    }

    private static void close(SimulatedDisk disk) {
        FileStorage storage = open(disk);
        KnownFrames.recover(storage);
        storage.close();
    }

    private static RecoveryReport recover(SimulatedDisk disk) {
        FileStorage storage = open(disk.afterKill());
        storage.replay(0, (first, array, offset, length, where) -> {});
        return storage.recovery();
    }

    private static FileStorage open(SimulatedDisk disk) {
        FileStorage storage = new FileStorage(disk, SEGMENT_BYTES, SEGMENT_BYTES, Runnable::run);
        storage.open(Recovery.DROP_TORN_TAIL, false);
        return storage;
    }

    private static int startOfLast(byte[] content) {
        int start = SegmentHeader.SIZE;
        for (int next = start;
                next < endOf(content);
                next += (int) Frame.read(content, next).size()) {
            start = next;
        }
        return start;
    }

    /** Where the next frame belongs: that of revision 0 is none. */
    private static int endOf(byte[] content) {
        int end = SegmentHeader.SIZE;
        while (end + Frame.HEAD <= content.length && Frame.read(content, end).kind() != 0) {
            end += (int) Frame.read(content, end).size();
        }
        return end;
    }
}
