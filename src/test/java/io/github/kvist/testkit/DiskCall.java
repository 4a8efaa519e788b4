// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

/**
 * One call to a {@link SimulatedDisk}.
 *
 * @param number from 1
 * @param what the call and its file, for messages
 */
public record DiskCall(long number, Kind kind, String what) {

    /** What a call does to the disk. */
    public enum Kind {
        /** Lists, opens, locks, closes: changes nothing. */
        LOOK,
        READ,
        CREATE,
        /** Renames or deletes. */
        NAME,
        WRITE,
        TRUNCATE,
        SYNC,
        WRITE_AND_SYNC,
        SYNC_DIRECTORY;

        boolean writes() {
            return this == WRITE || this == WRITE_AND_SYNC;
        }

        boolean syncs() {
            return this == SYNC || this == WRITE_AND_SYNC || this == SYNC_DIRECTORY;
        }

        /** Whether what a power cut leaves may be another thing after the call than before it. */
        public boolean changes() {
            return this != LOOK && this != READ;
        }
    }

    @Override
    public String toString() {
        return "call " + number + ", " + what;
    }
}
