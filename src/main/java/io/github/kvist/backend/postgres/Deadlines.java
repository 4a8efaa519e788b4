// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.backend.Stored;

/** The earliest deadline of the store as far as this process knows: what it wrote, and what the last sweep saw. */
final class Deadlines {

    private long earliest;
    private long written = Stored.NEVER;

    Deadlines(long earliest) {
        this.earliest = earliest;
    }

    synchronized long earliest() {
        return earliest;
    }

    /** A commit set it. */
    synchronized void written(long deadline) {
        earliest = Math.min(earliest, deadline);
        written = Math.min(written, deadline);
    }

    synchronized void sweepBegins() {
        written = Stored.NEVER;
    }

    /** What the server has left; it may not have seen what was written meanwhile. */
    synchronized void sweepEnded(long left) {
        earliest = Math.min(left, written);
    }
}
