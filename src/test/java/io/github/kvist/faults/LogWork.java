// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Recovery;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.testkit.KnownFrames;
import io.github.kvist.testkit.SimulatedDisk;
import java.util.Random;

/**
 * A log and its checkpoints without the store above: several sessions, frames of every durability, full segments, checkpoints
 * behind the newest frame and of it, cuts. Opening what is found costs a fraction of opening a store.
 */
final class LogWork {
    private static final int SESSIONS = 3;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final Random random;
    private long submitted;
    private long durable;

    LogWork(long seed) {
        this.random = new Random(seed);
    }

    SimulatedDisk disk() {
        return disk;
    }

    private static FileStorage storage(SimulatedDisk disk) {
        return new FileStorage(disk, 1024, 4096, Runnable::run);
    }

    void run() {
        for (int session = 0; session < SESSIONS; session++) {
            try (FileStorage storage = storage(disk)) {
                storage.open(Recovery.DROP_TORN_TAIL, false);
                durable = KnownFrames.recover(storage);
                WholeStore.requireEqual(durable, submitted, "reopened");
                append(storage, 12 + random.nextInt(12));
                checkpoint(storage, submitted - random.nextInt(8));
                append(storage, 10 + random.nextInt(10));
                checkpoint(storage, submitted);
                append(storage, random.nextInt(12));
            }
            durable = submitted;
        }
    }

    private void append(FileStorage storage, int count) {
        for (int i = 0; i < count; i++) {
            Durability kind = random.nextInt(6) == 0 ? Durability.SYNC : Durability.OS;
            submitted++;
            KnownFrames.append(storage, submitted, kind);
            if (kind == Durability.SYNC) {
                durable = submitted;
            }
        }
    }

    private void checkpoint(FileStorage storage, long revision) {
        KnownFrames.checkpoint(storage, revision);
        durable = Math.max(durable, revision);
    }

    void requireRecovered(long revision, String where) {
        if (revision < durable || revision > submitted) {
            throw new AssertionError("%s: recovered revision %d, but %d was durable and %d the last that was submitted"
                    .formatted(where, revision, durable, submitted));
        }
    }

    /** Opens what was found, writes to it, and every few times opens it once more. */
    long judge(SimulatedDisk found, Random chance, String where) {
        long recovered;
        long newest;
        try (FileStorage storage = storage(found)) {
            storage.open(Recovery.DROP_TORN_TAIL, false);
            recovered = KnownFrames.recover(storage);
            requireRecovered(recovered, where);
            WholeStore.requireEqual(storage.verify().toString(), "[]", where);
            newest = recovered + 2;
            KnownFrames.append(storage, recovered + 1, Durability.OS);
            KnownFrames.append(storage, newest, Durability.SYNC);
        }
        if (chance.nextInt(4) == 0) {
            try (FileStorage storage = storage(found)) {
                storage.open(Recovery.STRICT, false);
                WholeStore.requireEqual(storage.recovery().clean(), true, where);
                WholeStore.requireEqual(KnownFrames.recover(storage), newest, where);
            }
        }
        return recovered;
    }
}
