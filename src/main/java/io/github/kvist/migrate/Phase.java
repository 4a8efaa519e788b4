// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

/** What a migration or mirror is at. */
public enum Phase {
    /** Not begun by this process. */
    IDLE,
    /** Entries are copied, and commits applied beside. */
    COPYING,
    /** Commits were missed: everything is compared, and what differs repaired. */
    REPAIRING,
    /** Everything has been copied; commits are applied as they come. */
    FOLLOWING,
    VERIFYING,
    /** The application works with the target; the source follows it. */
    CUT_OVER
}
