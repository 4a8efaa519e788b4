// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Recovery;
import io.github.kvist.backend.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every storage that keeps something promises to the engine. */
public abstract class StorageContract {

    /** A storage that is not open yet; all of one test are over the same place, which is empty at first. */
    protected abstract Storage storage();

    @Test
    void keepsSomething() {
        assertThat(storage().keeps()).isTrue();
        assertThat(storage().description()).isNotBlank();
    }

    @Test
    void startsEmptyAndClean() {
        try (Storage storage = storage()) {
            assertThat(recovered(storage)).isZero();

            assertThat(storage.checkpoint()).isNull();
            assertThat(storage.logBytes()).isZero();
            assertThat(storage.recovery().clean()).isTrue();
            assertThat(storage.recovery().findings()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void framesComeBackInOrder(Durability durability) {
        write(1, 50, durability);

        try (Storage storage = storage()) {
            assertThat(recovered(storage)).isEqualTo(50);
            assertThat(storage.recovery().clean()).isTrue();
            assertThat(storage.recovery().revision()).isEqualTo(50);
            assertThat(storage.recovery().framesReplayed()).isEqualTo(50);
        }
    }

    @Test
    void logGoesOnWhereItEnded() {
        for (int session = 0; session < 10; session++) {
            write(session * 3L + 1, session * 3L + 3, Durability.SYNC);
        }

        assertThat(newestRevision()).isEqualTo(30);
    }

    @Test
    void durabilitiesMayAlternate() {
        try (Storage storage = storage()) {
            recovered(storage);
            Durability[] all = Durability.values();
            for (int revision = 1; revision <= 60; revision++) {
                KnownFrames.append(storage, revision, all[revision % all.length]);
            }
        }

        assertThat(newestRevision()).isEqualTo(60);
    }

    @Test
    void frameMayHoldSeveralRevisionsAndAnyBytes() {
        byte[] zeros = new byte[1000];
        byte[] ones = new byte[77];
        Arrays.fill(ones, (byte) -1);
        try (Storage storage = storage()) {
            recovered(storage);
            KnownFrames.append(storage, 1, 5, zeros, Durability.SYNC);
            KnownFrames.append(storage, 6, 6, new byte[0], Durability.SYNC);
            KnownFrames.append(storage, 7, 9, ones, Durability.OS);
        }

        List<byte[]> payloads = new ArrayList<>();
        List<Long> firsts = new ArrayList<>();
        try (Storage storage = storage()) {
            storage.open(Recovery.STRICT, false);
            storage.replay(0, (first, array, offset, length, where) -> {
                firsts.add(first);
                payloads.add(Arrays.copyOfRange(array, offset, offset + length));
            });
            assertThat(storage.recovery().revision()).isEqualTo(9);
        }
        assertThat(firsts).containsExactly(1L, 6L, 7L);
        assertThat(payloads).containsExactly(zeros, new byte[0], ones);
    }

    @Test
    void replayStartsBehindTheRevisionAskedFor() {
        write(1, 20, Durability.SYNC);

        List<Long> firsts = new ArrayList<>();
        try (Storage storage = storage()) {
            storage.open(Recovery.STRICT, false);
            storage.replay(17, (first, array, offset, length, where) -> firsts.add(first));
        }
        assertThat(firsts).containsExactly(18L, 19L, 20L);
    }

    @Test
    void largeFrameIsKeptAmongSmallOnes() {
        byte[] large = new byte[5_000_000];
        Arrays.fill(large, (byte) 3);
        try (Storage storage = storage()) {
            recovered(storage);
            KnownFrames.append(storage, 1, Durability.OS);
            KnownFrames.append(storage, 2, 2, large, Durability.SYNC);
            KnownFrames.append(storage, 3, Durability.SYNC);
            assertThat(storage.verify()).isEmpty();
        }

        List<Integer> lengths = new ArrayList<>();
        try (Storage storage = storage()) {
            storage.open(Recovery.STRICT, false);
            storage.replay(0, (first, array, offset, length, where) -> lengths.add(length));
        }
        assertThat(lengths).containsExactly(KnownFrames.payload(1).length, large.length, KnownFrames.payload(3).length);
    }

    @Test
    void revisionsLeaveNoGap() {
        try (Storage storage = storage()) {
            recovered(storage);
            KnownFrames.append(storage, 1, Durability.SYNC);

            assertThatThrownBy(() -> KnownFrames.append(storage, 3, Durability.SYNC))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        assertThat(newestRevision()).isEqualTo(1);
    }

    @Test
    void checkpointReplacesTheLogBeforeIt() {
        try (Storage storage = storage()) {
            recovered(storage);
            append(storage, 1, 30);
            KnownFrames.checkpoint(storage, 30);
            append(storage, 31, 35);
            assertThat(storage.verify()).isEmpty();
        }

        try (Storage storage = storage()) {
            assertThat(recovered(storage)).isEqualTo(35);
            assertThat(storage.recovery().framesReplayed()).isEqualTo(5);
        }
    }

    @Test
    void checkpointMayBeReplacedManyTimes() {
        for (int round = 0; round < 6; round++) {
            try (Storage storage = storage()) {
                assertThat(recovered(storage)).isEqualTo(round * 20L);
                append(storage, round * 20L + 1, round * 20L + 10);
                KnownFrames.checkpoint(storage, round * 20L + 5);
                append(storage, round * 20L + 11, round * 20L + 20);
                KnownFrames.checkpoint(storage, round * 20L + 20);
                KnownFrames.checkpoint(storage, round * 20L + 20);
            }
        }

        assertThat(newestRevision()).isEqualTo(120);
    }

    @Test
    void logBytesCountWhatComesAfterTheCheckpoint() {
        try (Storage storage = storage()) {
            recovered(storage);
            append(storage, 1, 30);
            long before = storage.logBytes();
            KnownFrames.checkpoint(storage, 30);

            assertThat(before).isPositive();
            assertThat(storage.logBytes()).isZero();
            append(storage, 31, 32);
            assertThat(storage.logBytes()).isBetween(1L, before);
        }
        try (Storage storage = storage()) {
            recovered(storage);
            assertThat(storage.logBytes()).isPositive();
        }
    }

    @Test
    void checkpointThatIsNotCompletedLeavesNothing() {
        try (Storage storage = storage()) {
            recovered(storage);
            append(storage, 1, 10);
            KnownFrames.checkpoint(storage, 5);
            try (Storage.CheckpointSink sink = storage.newCheckpoint(10)) {
                sink.write(new byte[100], 0, 100);
            }
            append(storage, 11, 12);
        }

        try (Storage storage = storage()) {
            storage.open(Recovery.STRICT, false);
            try (Storage.CheckpointSource source = storage.checkpoint()) {
                assertThat(source).isNotNull();
                assertThat(source.revision()).isEqualTo(5);
            }
            storage.replay(5, (first, array, offset, length, where) -> {});
        }
        assertThat(newestRevision()).isEqualTo(12);
    }

    @Test
    void checkpointIsReadFromAnyPlace() {
        try (Storage storage = storage()) {
            recovered(storage);
            append(storage, 1, 3);
            KnownFrames.checkpoint(storage, 3);
        }

        byte[] image = KnownFrames.image(3);
        try (Storage storage = storage()) {
            storage.open(Recovery.STRICT, true);
            try (Storage.CheckpointSource source = storage.checkpoint()) {
                assertThat(source).isNotNull();
                byte[] target = new byte[12];
                source.read(7, target, 1, 10);
                assertThat(Arrays.copyOfRange(target, 1, 11)).isEqualTo(Arrays.copyOfRange(image, 7, 17));
                assertThatThrownBy(() -> source.read(image.length - 5, target, 0, 6))
                        .isInstanceOf(KvException.Corrupt.class);
            }
        }
    }

    @Test
    void cutBehindTheCheckpointKeepsWhatItDoesNotHold() {
        try (Storage storage = storage()) {
            recovered(storage);
            append(storage, 1, 40);
            KnownFrames.checkpoint(storage, 10);
            storage.cut(40);
        }

        assertThat(newestRevision()).isEqualTo(40);
    }

    @Test
    void secondOpenerIsTurnedAwayAndTheFirstStaysSafe() {
        try (Storage first = storage()) {
            recovered(first);
            Storage second = storage();

            assertThatThrownBy(() -> second.open(Recovery.DROP_TORN_TAIL, false))
                    .isInstanceOf(KvException.Locked.class)
                    .hasMessageContaining("in use");
            second.close();
            append(first, 1, 1);

            assertThatThrownBy(() -> storage().open(Recovery.DROP_TORN_TAIL, true))
                    .isInstanceOf(KvException.Locked.class);
        }

        assertThat(newestRevision()).isEqualTo(1);
    }

    @Test
    void readOnlyShowsAllAndTakesNothing() {
        write(1, 5, Durability.SYNC);

        try (Storage storage = storage()) {
            storage.open(Recovery.DROP_TORN_TAIL, true);
            assertThat(KnownFrames.recover(storage)).isEqualTo(5);

            assertThat(storage.verify()).isEmpty();
            assertThatThrownBy(() -> append(storage, 6, 6)).isInstanceOf(KvException.Unsupported.class);
            assertThatThrownBy(() -> storage.newCheckpoint(5)).isInstanceOf(KvException.Unsupported.class);
        }
    }

    @Test
    void readOnlyMakesNoStore() {
        assertThatThrownBy(() -> storage().open(Recovery.DROP_TORN_TAIL, true))
                .isInstanceOf(KvException.Unavailable.class);
    }

    @Test
    void closedStorageRefusesEverything() {
        Storage storage = storage();
        recovered(storage);
        storage.close();
        storage.close();

        assertThatThrownBy(() -> append(storage, 1, 1)).isInstanceOf(KvException.Closed.class);
        assertThatThrownBy(() -> storage.newCheckpoint(0)).isInstanceOf(KvException.Closed.class);
        assertThatThrownBy(() -> storage.cut(0)).isInstanceOf(KvException.Closed.class);
        assertThatThrownBy(storage::verify).isInstanceOf(KvException.Closed.class);
    }

    @Test
    void interruptNeitherDisturbsNorIsLost() {
        Thread.currentThread().interrupt();
        try (Storage storage = storage()) {
            recovered(storage);
            append(storage, 1, 200);
            KnownFrames.checkpoint(storage, 150);
            append(storage, 201, 210);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(newestRevision()).isEqualTo(210);
    }

    private void write(long from, long to, Durability durability) {
        try (Storage storage = storage()) {
            assertThat(recovered(storage)).isEqualTo(from - 1);
            for (long revision = from; revision <= to; revision++) {
                KnownFrames.append(storage, revision, durability);
            }
        }
    }

    private static void append(Storage storage, long from, long to) {
        for (long revision = from; revision <= to; revision++) {
            KnownFrames.append(storage, revision, Durability.SYNC);
        }
    }

    private static long recovered(Storage storage) {
        storage.open(Recovery.STRICT, false);
        return KnownFrames.recover(storage);
    }

    private long newestRevision() {
        try (Storage storage = storage()) {
            return recovered(storage);
        }
    }
}
