// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

/**
 * Something in a {@link History} that no history of the isolation level holds.
 *
 * @param details which transactions, keys and elements
 */
public record Anomaly(Kind kind, String details) {

    /** After Adya (1999) and, for lists, Kingsbury and Alvaro (2020). */
    public enum Kind {
        /** An element that nobody wrote, or one that is in a list twice. */
        GARBAGE,
        /** One view that shows what must not be at the same time, such as money that is neither here nor there. */
        BROKEN_INVARIANT,
        /** One view that shows two records with a key that only one may have. */
        TWO_OWNERS,
        /** An entry that is seen although its time is over, or that is gone before. */
        WRONG_LIFETIME,
        /** A transaction that does not see its own writes, or sees others' come in. */
        INTERNAL,
        /** G1a. */
        ABORTED_READ,
        /** G1b. */
        INTERMEDIATE_READ,
        /** Two lists of one key of which neither is the beginning of the other. */
        INCOMPATIBLE_ORDER,
        /** An element whose writer was told that it is committed, and which is not there afterwards; or two that replaced the same one. */
        LOST_UPDATE,
        /** G0: a cycle of writes. */
        DIRTY_WRITE,
        /** G1c: a cycle of writes and of reads of them. */
        CIRCULAR_INFORMATION_FLOW,
        /** A cycle with the order of time: somebody did not see what had been committed before. */
        STALE_READ,
        /** G-single and what else snapshots exclude: a cycle without two successive reads of what was overwritten. */
        READ_SKEW,
        /** G2: a cycle with such two. Snapshot isolation allows it. */
        WRITE_SKEW
    }
}
