// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.testkit.DiskCall.Kind;

/** How a call to a {@link SimulatedDisk} goes wrong. A call that a fault does not concern goes well. */
public enum DiskFault {
    /** An input/output error of any call; what was to be done is not done. */
    ERROR,
    /** An input/output error of reading. */
    UNREADABLE,
    /** A write puts half of its bytes down, then fails. */
    SHORT,
    /** No space is left: a write puts half of its bytes down, then fails; so does making a file. */
    FULL,
    /** A sync fails, of a file or of the directory; what it was to write is lost, and the next one says that all is well. */
    LOSE,
    /** The power fails: whatever was under way may be on the disk or not, and no call succeeds any more. */
    POWER_CUT;

    /** Whether a call of that kind can go wrong so. */
    public boolean concerns(Kind kind) {
        return switch (this) {
            case ERROR, POWER_CUT -> true;
            case UNREADABLE -> kind == Kind.READ;
            case SHORT -> kind.writes();
            case FULL -> kind.writes() || kind == Kind.CREATE;
            case LOSE -> kind.syncs();
        };
    }

    String message() {
        return this == FULL ? "No space left on device: " : "Input/output error: ";
    }
}
