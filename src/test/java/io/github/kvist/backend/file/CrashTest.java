// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Recovery;
import io.github.kvist.testkit.DiskFault;
import io.github.kvist.testkit.KnownFrames;
import io.github.kvist.testkit.PowerCut;
import io.github.kvist.testkit.SimulatedDisk;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The power fails, or the process dies, at every call of a workload with all that happens to a log: several sessions, frames of
 * every durability, full segments, checkpoints, cuts. Whatever disk is found then, it opens by itself, holds all that was
 * acknowledged as durable and nothing that was never written, and can be written to again.
 */
final class CrashTest {
    private static final int STATES = 6;

    @ParameterizedTest
    @EnumSource
    void powerCutAtEveryCallLosesNothingAcknowledged(PowerCut cut) {
        long calls = callsOfWholeWorkload();
        int repetitions = cut == PowerCut.LOSES_ALL || cut == PowerCut.KEEPS_ALL ? 1 : STATES;
        for (long call = 1; call <= calls; call++) {
            Session session = crashAt(call);
            Random random = new Random(call);
            for (int i = 0; i < repetitions; i++) {
                session.judge(session.disk.afterPowerCut(cut, random), random);
            }
        }
    }

    @Test
    void killAtEveryCallLosesNothingHandedOver() {
        long calls = callsOfWholeWorkload();
        for (long call = 1; call <= calls; call++) {
            Session session = crashAt(call);
            session.durable = session.acknowledged;

            session.judge(session.disk.afterKill(), new Random(call));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void powerCutsDuringRecoveryLoseNothingEither(long seed) {
        Random random = new Random(seed);
        long calls = callsOfWholeWorkload();
        for (int run = 0; run < 150; run++) {
            Session session = crashAt(1 + random.nextInt((int) calls));
            SimulatedDisk disk = session.disk.afterPowerCut(PowerCut.TEARS, random);
            for (int depth = 0; depth < 3; depth++) {
                disk = crashedRecovery(disk, random);
            }
            session.judge(disk, random);
        }
    }

    private static SimulatedDisk crashedRecovery(SimulatedDisk disk, Random random) {
        disk.failAt(1 + random.nextInt(40), DiskFault.POWER_CUT, true);
        try (FileStorage storage = SmallSegments.storage(disk)) {
            storage.open(Recovery.DROP_TORN_TAIL, false);
            KnownFrames.recover(storage);
        } catch (KvException.Unavailable expected) {
            // The power failed on the way.
        }
        return disk.afterPowerCut(PowerCut.TEARS, random);
    }

    private static long callsOfWholeWorkload() {
        Session session = new Session();
        session.run();
        return session.disk.calls();
    }

    private static Session crashAt(long call) {
        Session session = new Session();
        session.disk.failAt(call, DiskFault.POWER_CUT, true);
        try {
            session.run();
        } catch (KvException expected) {
            return session;
        }
        return session;
    }

    /** A workload, and what it was told. */
    private static final class Session {
        private final SimulatedDisk disk = new SimulatedDisk();
        private long attempted;
        private long acknowledged;
        private long durable;

        void run() {
            for (int session = 0; session < 3; session++) {
                try (FileStorage storage = SmallSegments.storage(disk)) {
                    storage.open(Recovery.DROP_TORN_TAIL, false);
                    assertThat(KnownFrames.recover(storage)).isEqualTo(acknowledged);
                    durable = acknowledged;
                    append(storage, 12);
                    checkpoint(storage, attempted - 4);
                    append(storage, 7);
                    checkpoint(storage, attempted);
                    append(storage, 5);
                }
                durable = acknowledged;
            }
        }

        private void append(FileStorage storage, int count) {
            Durability[] kinds = {Durability.OS, Durability.SYNC, Durability.SYNC, Durability.OS, Durability.MEMORY};
            for (int i = 0; i < count; i++) {
                Durability kind = kinds[(int) (attempted % kinds.length)];
                attempted++;
                KnownFrames.append(storage, attempted, kind);
                acknowledged = attempted;
                if (kind == Durability.SYNC) {
                    durable = attempted;
                }
            }
        }

        private void checkpoint(FileStorage storage, long revision) {
            KnownFrames.checkpoint(storage, revision);
            durable = Math.max(durable, revision);
        }

        void judge(SimulatedDisk found, Random random) {
            long newest;
            try (FileStorage storage = SmallSegments.storage(found)) {
                storage.open(Recovery.DROP_TORN_TAIL, false);
                newest = KnownFrames.recover(storage);
                assertThat(newest).as(disk.lastCall()).isBetween(durable, attempted);
                assertThat(storage.recovery().revision()).isEqualTo(newest);
                assertThat(storage.verify()).isEmpty();
                for (int i = 0; i < 4; i++) {
                    newest++;
                    KnownFrames.append(storage, newest, random.nextBoolean() ? Durability.SYNC : Durability.OS);
                }
            }
            try (FileStorage storage = SmallSegments.storage(found)) {
                storage.open(Recovery.STRICT, false);
                assertThat(storage.recovery().clean()).isTrue();
                assertThat(KnownFrames.recover(storage)).isEqualTo(newest);
            }
        }
    }
}
