// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

/** What becomes of all that was written but not synced when the power fails; see {@link PowerLoss} for all that may. */
public enum PowerCut {
    /** All of it is lost. */
    LOSES_ALL,
    /** All of it is on the disk. */
    KEEPS_ALL,
    /** Each write and each name is kept or lost by chance, whatever their order was. */
    PICKS,
    /** As {@link #PICKS}, and of a write each sector by itself. */
    TEARS
}
