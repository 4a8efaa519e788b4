// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import java.time.Duration;

/**
 * What a comparison of all records, index entries and definitions of both stores has found. Each range was compared as it was at one
 * revision of the source.
 *
 * @param firstRevision of the source, when it began
 * @param lastRevision of the source, when it ended
 * @param entries that were compared, of records and indexes
 * @param ranges in which they were compared
 * @param differingRanges whose digests were not the same
 * @param repaired entries of the target that were put or removed to make it like the source
 */
public record Verification(
        long firstRevision,
        long lastRevision,
        long entries,
        long ranges,
        long differingRanges,
        long repaired,
        Duration took) {

    /** Whether nothing differed. */
    public boolean isClean() {
        return differingRanges == 0;
    }
}
