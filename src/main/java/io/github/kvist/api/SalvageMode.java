// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

/** What {@code Kvist.salvage} brings over from a damaged store. */
public enum SalvageMode {
    /**
     * The longest history that can be proven: all that the store held at one revision, the newest that can be reached without a gap
     * from a whole checkpoint, or from the beginning of the log. What came later is left out, though it may be readable.
     */
    PREFIX,
    /**
     * Every record that can be read, without history. Each was in the store once, but they need not have been there together: what was
     * deleted or replaced by a commit that is lost is back, and records in lost places are missing. Indexes are left out; a
     * program builds them again when it names its tables.
     */
    RECORDS
}
