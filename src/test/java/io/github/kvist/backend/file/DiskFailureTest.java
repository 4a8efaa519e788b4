// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Recovery;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.Storage;
import io.github.kvist.testkit.DiskCall;
import io.github.kvist.testkit.DiskFault;
import io.github.kvist.testkit.DiskWatcher;
import io.github.kvist.testkit.KnownFrames;
import io.github.kvist.testkit.PowerCut;
import io.github.kvist.testkit.SimulatedDisk;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls to the disk that fail: what was acknowledged stays, what fails says so, and one failed write of the log ends writing. */
final class DiskFailureTest {
    private final SimulatedDisk disk = new SimulatedDisk();
    private final Random random = new Random(5);

    private FileStorage storage;
    private long attempted;
    private long durable;

    @BeforeEach
    void open() {
        storage = SmallSegments.storage(disk);
        storage.open(Recovery.DROP_TORN_TAIL, false);
        KnownFrames.recover(storage);
    }

    @ParameterizedTest
    @CsvSource({
        "ERROR, false",
        "ERROR, true",
        "FULL, false",
        "FULL, true",
        "LOSE, false",
        "LOSE, true",
    })
    void failureOfAnyCallLosesNothingAcknowledged(DiskFault fault, boolean forEver) {
        long calls = 0;
        for (long call = 1; call == 1 || call <= calls; call++) {
            DiskFailureTest run = new DiskFailureTest();
            run.open();
            long before = run.disk.calls();
            run.disk.failAt(call, fault, forEver);
            run.work();
            calls = run.disk.calls() - before;
            run.disk.heal();
            run.judge();
        }
        assertThat(calls).isGreaterThan(50);
    }

    private void work() {
        try {
            append(9);
            checkpoint(attempted - 3);
            append(6);
            checkpoint(attempted);
            append(9);
            assertThat(storage.verify()).isNotNull();
            storage.close();
            durable = attempted;
        } catch (KvException e) {
            closeHoweverItGoes();
        }
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            Durability kind = i % 3 == 1 ? Durability.OS : Durability.SYNC;
            attempted++;
            KnownFrames.append(storage, attempted, kind);
            if (kind == Durability.SYNC) {
                durable = attempted;
            }
        }
    }

    /** One that fails is given up, and the work goes on. */
    private void checkpoint(long revision) {
        try {
            KnownFrames.checkpoint(storage, revision);
        } catch (KvException.Unavailable e) {
            assertThat(e).hasMessageContaining("simulated");
        }
    }

    private void closeHoweverItGoes() {
        closeHoweverItGoes(storage);
    }

    private static void closeHoweverItGoes(FileStorage storage) {
        try {
            storage.close();
        } catch (KvException.Unavailable e) {
            assertThat(e).hasMessageContaining("simulated");
        }
    }

    private void judge() {
        reopenAndJudge(disk.afterPowerCut(PowerCut.LOSES_ALL, random), durable);
        reopenAndJudge(disk.afterPowerCut(PowerCut.TEARS, random), durable);
        SimulatedDisk found = disk.afterKill();
        long newest = reopenAndJudge(found, durable);

        // What a reopened store has shown is as durable as what it has synced itself.
        reopenAndJudge(found.afterPowerCut(PowerCut.LOSES_ALL, random), newest);
    }

    private long reopenAndJudge(SimulatedDisk found, long leastRevision) {
        FileStorage reopened = SmallSegments.storage(found);
        reopened.open(Recovery.DROP_TORN_TAIL, false);
        long newest = KnownFrames.recover(reopened);
        assertThat(newest).as(disk.lastCall()).isBetween(leastRevision, attempted);
        KnownFrames.append(reopened, newest + 1, Durability.SYNC);
        attempted = Math.max(attempted, newest + 1);
        return newest + 1;
    }

    /** One call writes and syncs, or two do, if something older has to be synced too. */
    @ParameterizedTest
    @CsvSource({"ERROR, SYNC", "ERROR, OS", "FULL, SYNC", "FULL, OS", "LOSE, SYNC", "LOSE, OS"})
    void firstFailedWriteEndsAllWriting(DiskFault fault, Durability before) {
        KnownFrames.append(storage, 1, Durability.SYNC);
        KnownFrames.append(storage, 2, before);
        attempted = 2;
        disk.failAt(1, fault, false);

        assertThatThrownBy(() -> KnownFrames.append(storage, 3, Durability.SYNC))
                .isInstanceOf(KvException.OutcomeUnknown.class)
                .hasMessageContaining("opened again");
        assertThatThrownBy(() -> KnownFrames.append(storage, 3, Durability.SYNC))
                .isInstanceOf(KvException.Unavailable.class);
        assertThatThrownBy(() -> storage.newCheckpoint(2)).isInstanceOf(KvException.Unavailable.class);
        assertThat(storage.verify()).isEmpty();

        storage.close();
        storage = SmallSegments.storage(disk);
        storage.open(Recovery.DROP_TORN_TAIL, false);
        assertThat(KnownFrames.recover(storage)).isBetween(2L, 3L);
        assertThat(storage.recovery().clean()).isFalse();
    }

    @Test
    void checkpointOnAFullDiskLeavesNothingAndCommitsGoOn() {
        append(5);
        Storage.CheckpointSink sink = storage.newCheckpoint(5);
        disk.failAt(1, DiskFault.FULL, true);

        assertThatThrownBy(() -> sink.write(new byte[100], 0, 100)).isInstanceOf(KvException.Unavailable.class);
        sink.close();
        disk.heal();

        assertThat(disk.contentOf("checkpoint-0000000001.tmp")).isNull();
        append(5);
        checkpoint(attempted);
        assertThat(disk.contentOf("checkpoint-0000000001")).isNotNull();
    }

    /** No thread to sync a directory with, for instance: the manifest may name the checkpoint by then. */
    @Test
    void errorBehindTheRenameOfTheManifestLeavesTheCheckpointThere() {
        storage.close();
        for (int nth = 1; nth <= 6; nth++) {
            SimulatedDisk copy = disk.afterKill();
            FileStorage failing = SmallSegments.storage(withoutThreads(copy, nth));
            failing.open(Recovery.DROP_TORN_TAIL, false);
            KnownFrames.recover(failing);
            try {
                KnownFrames.append(failing, 1, Durability.SYNC);
                KnownFrames.checkpoint(failing, 1);
                failing.close();
            } catch (KvException | InternalError expected) {
                assertThat(expected).hasStackTraceContaining("no thread");
                closeHoweverItGoes(failing);
            }

            try (FileStorage reopened = SmallSegments.storage(copy)) {
                reopened.open(Recovery.DROP_TORN_TAIL, false);
                assertThat(KnownFrames.recover(reopened)).isLessThanOrEqualTo(1);
                assertThat(reopened.verify()).isEmpty();
            }
        }
    }

    /** The disk, whose {@code nth} sync of a directory from its opening on fails by an error. */
    private static FileSystem withoutThreads(SimulatedDisk disk, int nth) {
        AtomicInteger syncs = new AtomicInteger();
        return (FileSystem) Proxy.newProxyInstance(
                FileSystem.class.getClassLoader(), new Class<?>[] {FileSystem.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("syncDirectory") && syncs.incrementAndGet() == nth) {
                        throw new InternalError("no thread");
                    }
                    try {
                        return method.invoke(disk, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    @Test
    void storeOnAFullDiskCanBeReadAndClosed() {
        append(5);
        storage.close();
        disk.failAt(1, DiskFault.FULL, true);

        open();

        assertThat(storage.recovery().revision()).isEqualTo(5);
        storage.close();
    }

    @Test
    void failedReadIsNoEndOfTheLog() {
        append(5);
        storage.close();
        int refused = 0;
        for (int call = 1; call <= 30; call++) {
            SimulatedDisk copy = disk.afterKill();
            copy.failAt(call, DiskFault.ERROR, false);
            try (FileStorage reopened = SmallSegments.storage(copy)) {
                reopened.open(Recovery.DROP_TORN_TAIL, false);
                assertThat(KnownFrames.recover(reopened)).isEqualTo(5);
            } catch (KvException.Unavailable e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(8);
    }

    /** Frames that do not fit into what is read at once, so that something is read where each begins. */
    @Test
    void failedReadWhereAFrameBeginsIsNoEndOfTheLog() {
        SimulatedDisk large = new SimulatedDisk();
        FileStorage writer = largeSegments(large);
        writer.open(Recovery.DROP_TORN_TAIL, false);
        writer.replay(0, (first, array, offset, length, where) -> {});
        for (int revision = 1; revision <= 4; revision++) {
            KnownFrames.append(writer, revision, revision, new byte[300_000], Durability.SYNC);
        }
        int refused = 0;
        boolean failed = true;
        for (int call = 1; failed; call++) {
            SimulatedDisk copy = large.afterKill();
            copy.failAt(call, DiskFault.UNREADABLE, false);
            failed = isRefused(copy);
            refused += failed ? 1 : 0;
            copy.heal();
            assertThat(isRefused(copy)).isFalse();
        }
        assertThat(refused).isGreaterThan(8);
    }

    private static FileStorage largeSegments(SimulatedDisk disk) {
        return new FileStorage(disk, 2 << 20, 2 << 20, Runnable::run);
    }

    /** Otherwise all frames are there. */
    private static boolean isRefused(SimulatedDisk disk) {
        List<Long> found = new ArrayList<>();
        try (FileStorage reopened = largeSegments(disk)) {
            reopened.open(Recovery.DROP_TORN_TAIL, false);
            reopened.replay(0, (first, array, offset, length, where) -> found.add(first));
        } catch (KvException.Unavailable unreadable) {
            assertThat(unreadable).hasStackTraceContaining("Input/output error");
            return true;
        }
        assertThat(found).containsExactly(1L, 2L, 3L, 4L);
        return false;
    }

    /** The name of the new manifest is seen then, and gone after a power cut, when the old one must find what it needs. */
    @Test
    void closingThatLosesNamesLosesNoFileThatTheManifestOnDiskNeeds() {
        for (int call = 1; call <= 10; call++) {
            DiskFailureTest run = new DiskFailureTest();
            run.open();
            run.append(5);
            run.checkpoint(5);
            run.disk.failAt(call, DiskFault.LOSE, false);
            run.closeHoweverItGoes();

            SimulatedDisk found = run.disk.afterKill();
            found.watch(new DiskWatcher() {
                @Override
                public void changes(DiskCall made) {
                    recover(found.afterPowerCut(PowerCut.LOSES_ALL, run.random), 5);
                }
            });
            FileStorage reopened = recover(found, 5);
            KnownFrames.append(reopened, 6, Durability.SYNC);
        }
    }

    private static FileStorage recover(SimulatedDisk found, long leastRevision) {
        FileStorage reopened = SmallSegments.storage(found);
        reopened.open(Recovery.DROP_TORN_TAIL, false);
        assertThat(KnownFrames.recover(reopened)).isGreaterThanOrEqualTo(leastRevision);
        return reopened;
    }

    @Test
    void writerNoticesThatItsDirectoryIsGone() {
        disk.place("kvist.lock", null);

        assertThatThrownBy(() -> KnownFrames.append(storage, 1, Durability.SYNC))
                .isInstanceOf(KvException.OutcomeUnknown.class)
                .hasMessageContaining("moved or deleted");
    }
}
