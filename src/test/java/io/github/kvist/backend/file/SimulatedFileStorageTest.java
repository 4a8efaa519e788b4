// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.backend.Storage;
import io.github.kvist.testkit.SimulatedDisk;
import io.github.kvist.testkit.StorageContract;

/** The same with the smallest segments, so that the log changes its file all the time. */
final class SimulatedFileStorageTest extends StorageContract {
    private final SimulatedDisk disk = new SimulatedDisk();

    @Override
    protected Storage storage() {
        return SmallSegments.storage(disk);
    }
}
