// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

import io.github.kvist.Kvist;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.testkit.DiskFault;
import io.github.kvist.testkit.PowerCut;
import io.github.kvist.testkit.SimulatedDisk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;

/** Where a store lives, and how it goes on living somewhere when it has come to an end. Confined to one thread. */
abstract sealed class Home {

    /** How a part of a history ends; the next one begins with what is left. */
    enum Ending {
        /** The store is closed and opened again. */
        CLOSED,
        /** The power fails while it is written to. */
        POWER_CUT,
        /** One call to the disk fails while it is written to. */
        DISK_ERROR
    }

    final Options options;
    private final String name;

    private Home(String name, Durability durability, InstantSource clock) {
        this.name = name;
        this.options = Options.defaults().clock(clock).durability(durability).checkpointAfter(16 * 1024);
    }

    abstract KvStore open();

    /** Lets something happen to it soon, in the middle of what is done. */
    void threaten(Ending ending, int transactions, Random random) {}

    /** Ends the store, in good order or not, and opens what is left of it. */
    abstract KvStore reopen(KvStore store, Ending ending, Random random);

    @Override
    public final String toString() {
        return name;
    }

    static void closeWhateverItSays(KvStore store) {
        try {
            store.close();
        } catch (KvException notInGoodOrder) {
            // The disk is no longer there, or refused to write: all that counts is what is found on it.
        }
    }

    /** In the heap only: it goes on as an image of its last snapshot, in another store. */
    static final class Memory extends Home {
        Memory(InstantSource clock) {
            super("memory", Durability.MEMORY, clock);
        }

        @Override
        KvStore open() {
            return Kvist.open("memory:", options);
        }

        @Override
        KvStore reopen(KvStore store, Ending ending, Random random) {
            ByteArrayOutputStream image = new ByteArrayOutputStream();
            try (Snapshot last = store.snapshot()) {
                last.writeTo(image);
            }
            store.close();
            KvStore next = open();
            next.admin().restore(new ByteArrayInputStream(image.toByteArray()));
            return next;
        }
    }

    /** In a directory of the real disk, which nothing happens to. */
    static final class Directory extends Home {
        private final Path directory;

        Directory(Path directory, InstantSource clock) {
            super("directory", Durability.OS, clock);
            this.directory = directory;
        }

        @Override
        KvStore open() {
            return Kvist.open(directory.toUri().toString(), options);
        }

        @Override
        KvStore reopen(KvStore store, Ending ending, Random random) {
            store.close();
            return open();
        }
    }

    /** On a disk that breaks when it is told to. */
    static final class Disk extends Home {
        private static final int FIRST_SEGMENT = 4096;
        private static final int LARGEST_SEGMENT = 32 * 1024;

        private final boolean keepsUnsynced;
        private SimulatedDisk disk = new SimulatedDisk();

        Disk(Durability durability, InstantSource clock) {
            this(durability, clock, durability != Durability.SYNC);
        }

        /** @param keepsUnsynced whether the power never fails, but only the process dies */
        Disk(Durability durability, InstantSource clock, boolean keepsUnsynced) {
            super("disk, " + durability, durability, clock);
            this.keepsUnsynced = keepsUnsynced;
        }

        @Override
        KvStore open() {
            return Kvist.open(new FileStorage(disk, FIRST_SEGMENT, LARGEST_SEGMENT, Runnable::run), options);
        }

        @Override
        void threaten(Ending ending, int transactions, Random random) {
            int call = 1 + random.nextInt(transactions);
            switch (ending) {
                case CLOSED -> disk.heal();
                case POWER_CUT -> disk.failAt(call, DiskFault.POWER_CUT, true);
                case DISK_ERROR -> disk.failAt(call, error(random), random.nextBoolean());
            }
        }

        private DiskFault error(Random random) {
            return switch (random.nextInt(keepsUnsynced ? 2 : 3)) {
                case 0 -> DiskFault.ERROR;
                case 1 -> DiskFault.FULL;
                default -> DiskFault.LOSE;
            };
        }

        @Override
        KvStore reopen(KvStore store, Ending ending, Random random) {
            if (ending == Ending.POWER_CUT) {
                PowerCut[] cuts = PowerCut.values();
                SimulatedDisk found = disk.afterPowerCut(
                        keepsUnsynced ? PowerCut.KEEPS_ALL : cuts[random.nextInt(cuts.length)], random);
                closeWhateverItSays(store);
                disk = found;
            } else {
                disk.heal();
                closeWhateverItSays(store);
            }
            return open();
        }
    }
}
