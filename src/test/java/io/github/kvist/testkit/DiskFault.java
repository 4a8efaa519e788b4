// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

/** How a call to a {@link SimulatedDisk} goes wrong. */
public enum DiskFault {
    /** An input/output error; what was to be done is not done. */
    ERROR,
    /** No space is left: a write puts half of its bytes down, then fails; so does making a file. Other calls go well. */
    FULL,
    /** A sync fails, and what it was to write is lost without any other call noticing; other calls fail as with {@link #ERROR}. */
    LOSE,
    /** The power fails: whatever was under way may be on the disk or not, and no call succeeds any more. */
    POWER_CUT
}
