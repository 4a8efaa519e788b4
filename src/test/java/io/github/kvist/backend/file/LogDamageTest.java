// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Recovery;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.backend.Storage;
import io.github.kvist.format.Frame;
import io.github.kvist.format.SegmentHeader;
import io.github.kvist.testkit.KnownFrames;
import io.github.kvist.testkit.SimulatedDisk;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files that decayed: every byte changed, every length. A store that was closed is always refused, and stays as it is; one that
 * was not is refused, or shows all that was acknowledged, or reports what it cut.
 */
final class LogDamageTest {
    private static final long REVISIONS = 26;
    private static final int PREDECESSOR = 48;
    private static final List<String> NOT_DATA = List.of(StoreFiles.LOCK, StoreFiles.HOLDER);

    private enum Fate {
        REFUSED,
        WHOLE,
        REPORTED
    }

    @ParameterizedTest
    @EnumSource
    void closedStoreWithAChangedByteIsRefused(Recovery recovery) throws Exception {
        SimulatedDisk store = closed();
        for (String name : dataFiles(store)) {
            int length = store.contentOf(name).length;
            for (int i = 0; i < length; i++) {
                assertThat(open(changed(store, name, i, 1 << (i % 8)), recovery))
                        .as("%s, byte %d", name, i)
                        .isEqualTo(Fate.REFUSED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void closedStoreWithAShortenedFileIsRefused(Recovery recovery) throws Exception {
        SimulatedDisk store = closed();
        for (String name : dataFiles(store)) {
            int length = store.contentOf(name).length;
            for (int i = 0; i < length; i++) {
                assertThat(open(shortened(store, name, i), recovery))
                        .as("%s, %d bytes", name, i)
                        .isEqualTo(fateOfShortened(store.contentOf(name), i));
            }
        }
    }

    /** Behind the end frame of a full segment nothing can be missed. */
    private static Fate fateOfShortened(byte[] content, int length) {
        return endOf(content) <= length ? Fate.WHOLE : Fate.REFUSED;
    }

    @Test
    void unclosedStoreWithAChangedByteIsNeverSilentlyOlder() throws Exception {
        SimulatedDisk store = unclosed();
        int refused = 0;
        for (String name : dataFiles(store)) {
            int length = store.contentOf(name).length;
            for (int i = 0; i < length; i++) {
                Fate fate = open(changed(store, name, i, 1 << (i % 8)), Recovery.DROP_TORN_TAIL);
                refused += fate == Fate.REFUSED ? 1 : 0;
                assertThat(open(changed(store, name, i, 0xff), Recovery.STRICT))
                        .as("%s, byte %d", name, i)
                        .isEqualTo(Fate.REFUSED);
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    @Test
    void unclosedStoreWithAShortenedFileIsRefused() throws Exception {
        SimulatedDisk store = unclosed();
        for (String name : dataFiles(store)) {
            int length = store.contentOf(name).length;
            for (int i = 0; i < length; i++) {
                Fate fate = open(shortened(store, name, i), Recovery.DROP_TORN_TAIL);
                if (fate != fateOfShortened(store.contentOf(name), i)) {
                    assertThat(fate).as("%s, %d bytes", name, i).isEqualTo(Fate.REFUSED);
                }
            }
        }
    }

    @Test
    void blockOfZerosIsRefusedBeforeTheLastFrame() throws Exception {
        SimulatedDisk store = unclosed();
        String segment = lastSegmentWithFrames(store);
        byte[] content = store.contentOf(segment);
        Arrays.fill(content, 64, 80, (byte) 0);
        SimulatedDisk damaged = store.afterKill();
        damaged.place(segment, content);

        assertThat(open(damaged, Recovery.DROP_TORN_TAIL)).isEqualTo(Fate.REFUSED);
    }

    @Test
    void unfinishedEndIsCutCopiedAndReported() throws Exception {
        SimulatedDisk store = unclosed();
        String segment = lastSegmentWithFrames(store);
        byte[] content = store.contentOf(segment);
        int end = endOf(content);
        byte[] garbage = "half of a frame".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(garbage, 0, content, end, garbage.length);
        store.place(segment, content);

        assertThatThrownBy(() -> recover(store, Recovery.STRICT))
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("byte " + end)
                .hasMessageContaining("DROP_TORN_TAIL");
        assertThat(store.contentOf(segment)).isEqualTo(content);

        RecoveryReport report = recover(store, Recovery.DROP_TORN_TAIL);

        assertThat(report.clean()).isFalse();
        assertThat(report.revision()).isEqualTo(REVISIONS);
        assertThat(report.bytesCut()).isEqualTo(garbage.length);
        assertThat(report.findings()).singleElement().asString().contains(segment, "byte " + end);
        assertThat(store.contentOf("torn-" + segment.substring(4) + "-" + end)).isEqualTo(garbage);
        assertThat(recover(store, Recovery.STRICT).clean()).isTrue();
    }

    @Test
    void wholeFrameThatFollowsAnotherHistoryIsNotTaken() throws Exception {
        SimulatedDisk store = unclosed();
        String segment = lastSegmentWithFrames(store);
        byte[] content = store.contentOf(segment);
        int last = startOfLastFrame(content);
        content[last + PREDECESSOR] ^= 1;
        int size = (int) Frame.read(content, last).size();
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putInt(last, Frame.computedCrc(content, last, size));

        assertThat(open(with(store, segment, content), Recovery.DROP_TORN_TAIL)).isEqualTo(Fate.REPORTED);
    }

    @Test
    void damageBeforeWhatTheManifestKnowsIsNoTornEnd() throws Exception {
        SimulatedDisk store = closed();
        FileStorage storage = SmallSegments.storage(store);
        storage.open(Recovery.DROP_TORN_TAIL, false);
        KnownFrames.recover(storage);
        String segment = lastSegmentWithFrames(store);
        int last = startOfLastFrame(store.contentOf(segment));
        KnownFrames.append(storage, REVISIONS + 1, Durability.SYNC);
        SimulatedDisk killed = store.afterKill();

        // Neither the last frame of before nor the one that vouches for it is whole.
        byte[] content = killed.contentOf(segment);
        Arrays.fill(content, last, content.length, (byte) 0);
        content[last] = 1;
        killed.place(segment, content);

        assertThat(open(killed, Recovery.DROP_TORN_TAIL)).isEqualTo(Fate.REFUSED);
    }

    private static int startOfLastFrame(byte[] content) {
        int start = SegmentHeader.SIZE;
        for (int next = start;
                next < endOf(content);
                next += (int) Frame.read(content, next).size()) {
            start = next;
        }
        return start;
    }

    @Test
    void cutEndIsNotFoundAgainAfterTheNextCrash() throws Exception {
        SimulatedDisk store = unclosed();
        String segment = lastSegmentWithFrames(store);
        byte[] content = store.contentOf(segment);
        content[content.length - 1] = 1;
        store.place(segment, content);

        FileStorage storage = SmallSegments.storage(store);
        storage.open(Recovery.DROP_TORN_TAIL, false);
        assertThat(KnownFrames.recover(storage)).isEqualTo(REVISIONS);
        assertThat(storage.recovery().findings()).hasSize(1);

        assertThat(recover(store.afterKill(), Recovery.STRICT).findings()).isEmpty();
    }

    @Test
    void readerLeavesAnUnfinishedEndWhereItIs() throws Exception {
        SimulatedDisk store = unclosed();
        String segment = lastSegmentWithFrames(store);
        byte[] content = store.contentOf(segment);
        content[endOf(content) + 3] = 1;
        store.place(segment, content);
        Map<String, ByteBuffer> before = contents(store);

        try (FileStorage storage = SmallSegments.storage(store)) {
            storage.open(Recovery.DROP_TORN_TAIL, true);
            assertThat(KnownFrames.recover(storage)).isEqualTo(REVISIONS);
            assertThat(storage.recovery().findings()).hasSize(1);
            assertThat(storage.recovery().bytesCut()).isZero();
        }

        assertThat(contents(store)).isEqualTo(before);
    }

    @Test
    void verifyFindsWhatDecaysWhileTheStoreIsInUse() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        FileStorage storage = fill(disk);
        assertThat(storage.verify()).isEmpty();
        for (String name : dataFiles(disk)) {
            byte[] sound = disk.contentOf(name);
            byte[] decayed = sound.clone();
            decayed[20] ^= 4;

            disk.place(name, decayed);
            if (!name.equals(lastSegmentPrepared(disk))) {
                assertThat(storage.verify()).as(name).isNotEmpty();
            }
            disk.place(name, sound);
        }
        assertThat(storage.verify()).isEmpty();
    }

    /** Opens a damaged store, and makes sure that a refusal changes nothing and that whatever is shown is right. */
    private static Fate open(SimulatedDisk damaged, Recovery recovery) throws Exception {
        Map<String, ByteBuffer> before = contents(damaged);
        try {
            RecoveryReport report = recover(damaged, recovery);
            if (report.revision() == REVISIONS) {
                return Fate.WHOLE;
            }
            if (report.clean() || report.findings().isEmpty()) {
                fail("silently went back to revision " + report.revision());
            }
            return Fate.REPORTED;
        } catch (KvException.Corrupt | KvException.UnsupportedFormat e) {
            assertThat(contents(damaged)).isEqualTo(before);
            return Fate.REFUSED;
        }
    }

    /** As an engine does: the image checks its own bytes, and comes first. */
    private static RecoveryReport recover(SimulatedDisk disk, Recovery recovery) {
        FileStorage storage = SmallSegments.storage(disk);
        try {
            storage.open(recovery, false);
            readImage(storage);
            storage.replay(
                    0,
                    (first, array, offset, length, where) -> assertThat(
                                    Arrays.copyOfRange(array, offset, offset + length))
                            .isEqualTo(KnownFrames.payload(first)));
        } catch (KvException e) {
            storage.close();
            throw e;
        }
        storage.close();
        return storage.recovery();
    }

    private static void readImage(FileStorage storage) {
        try (Storage.CheckpointSource source = storage.checkpoint()) {
            assertThat(source).isNotNull();
            byte[] bytes = new byte[(int) source.length()];
            source.read(0, bytes, 0, bytes.length);
            if (!Arrays.equals(bytes, KnownFrames.image(source.revision()))) {
                throw new KvException.Corrupt("the image is not as it was written");
            }
        }
    }

    private static FileStorage fill(SimulatedDisk disk) {
        FileStorage storage = SmallSegments.storage(disk);
        storage.open(Recovery.DROP_TORN_TAIL, false);
        KnownFrames.recover(storage);
        for (long revision = 1; revision <= REVISIONS; revision++) {
            KnownFrames.append(storage, revision, Durability.SYNC);
            if (revision == 10) {
                KnownFrames.checkpoint(storage, 7);
            }
        }
        return storage;
    }

    private static SimulatedDisk closed() {
        SimulatedDisk disk = new SimulatedDisk();
        fill(disk).close();
        return disk;
    }

    private static SimulatedDisk unclosed() {
        SimulatedDisk disk = new SimulatedDisk();
        fill(disk);
        return disk.afterKill();
    }

    private static List<String> dataFiles(SimulatedDisk disk) throws Exception {
        List<String> names = new ArrayList<>(disk.list());
        names.removeAll(NOT_DATA);
        assertThat(names).hasSizeGreaterThan(4);
        return names;
    }

    private static Map<String, ByteBuffer> contents(SimulatedDisk disk) throws Exception {
        Map<String, ByteBuffer> contents = new TreeMap<>();
        for (String name : dataFiles(disk)) {
            contents.put(name, ByteBuffer.wrap(disk.contentOf(name)));
        }
        return contents;
    }

    private static SimulatedDisk changed(SimulatedDisk store, String name, int index, int bits) {
        byte[] content = store.contentOf(name);
        content[index] ^= (byte) bits;
        return with(store, name, content);
    }

    private static SimulatedDisk shortened(SimulatedDisk store, String name, int length) {
        return with(store, name, Arrays.copyOf(store.contentOf(name), length));
    }

    private static SimulatedDisk with(SimulatedDisk store, String name, byte @Nullable [] content) {
        SimulatedDisk copy = store.afterKill();
        copy.place(name, content);
        return copy;
    }

    private static String lastSegmentWithFrames(SimulatedDisk disk) throws Exception {
        return disk.list().stream()
                .filter(name -> StoreFiles.segmentNumber(name) > 0 && endOf(disk.contentOf(name)) > 64)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private static String lastSegmentPrepared(SimulatedDisk disk) throws Exception {
        return disk.list().stream()
                .filter(name -> StoreFiles.segmentNumber(name) > 0 && endOf(disk.contentOf(name)) <= 64)
                .findFirst()
                .orElse("");
    }

    /** Where the last frame ends, rounded up to where the next one belongs. */
    private static int endOf(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        return (end + 7) / 8 * 8;
    }
}
