// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Recovery;
import io.github.kvist.backend.Storage;
import io.github.kvist.testkit.KnownFrames;
import io.github.kvist.testkit.SimulatedDisk;
import io.github.kvist.testkit.StorageContract;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The same with the smallest segments, so that the log changes its file all the time. */
final class SimulatedFileStorageTest extends StorageContract {
    private static final long LARGEST_IMAGE = 3000;
    private static final long SMALL_FILES = 500;

    private final SimulatedDisk disk = new SimulatedDisk();

    @Override
    protected Storage storage() {
        return SmallSegments.storage(disk);
    }

    @Test
    void diskUseStaysBounded() throws IOException {
        long checkpointAfter = 3000;
        try (Storage storage = storage()) {
            storage.open(Recovery.STRICT, false);
            KnownFrames.recover(storage);
            for (long revision = 1; revision <= 1000; revision++) {
                KnownFrames.append(storage, revision, Durability.SYNC);
                if (storage.logBytes() > checkpointAfter) {
                    KnownFrames.checkpoint(storage, revision - 2);
                }
                assertThat(bytesOnDisk())
                        .as("revision " + revision)
                        .isLessThan(LARGEST_IMAGE + storage.logBytes() + 3 * SmallSegments.LARGEST + SMALL_FILES);
            }
            assertThat(storage.logBytes()).isLessThan(checkpointAfter);
        }
    }

    private long bytesOnDisk() throws IOException {
        return disk.list().stream()
                .mapToLong(name -> disk.contentOf(name).length)
                .sum();
    }
}
