// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import io.github.kvist.api.SalvageMode;
import io.github.kvist.api.SalvageReport;
import io.github.kvist.backend.FileSystem;

/** {@link Kvist#salvage} between directories that need not be on a disk. */
public final class SimulatedSalvage {
    private SimulatedSalvage() {}

    public static SalvageReport run(FileSystem damaged, FileSystem into, SalvageMode mode) {
        return StoreSalvage.run(damaged, into, mode);
    }
}
