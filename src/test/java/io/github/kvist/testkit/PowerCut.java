// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import java.util.Random;

/** What becomes of all that was written but not synced when the power fails. */
public enum PowerCut {
    /** All of it is lost. */
    LOSES_ALL,
    /** All of it is on the disk. */
    KEEPS_ALL,
    /** Each write and each name is kept or lost by chance, whatever their order was. */
    PICKS,
    /** As {@link #PICKS}, and of a write each sector by itself. */
    TEARS;

    static final int LOST = 0;
    static final int KEPT = 1;
    static final int TORN = 2;

    int fate(Random random) {
        return switch (this) {
            case LOSES_ALL -> LOST;
            case KEEPS_ALL -> KEPT;
            case PICKS -> random.nextInt(2);
            case TEARS -> random.nextInt(3);
        };
    }
}
