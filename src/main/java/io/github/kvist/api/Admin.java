// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

/** Looking after a store. Safe for any number of threads. */
public interface Admin {

    /**
     * Checks everything that can be checked while the store is in use: every checksum on storage, every invariant of the
     * trees, every index entry against its record. O(data); reads one view and does not block writers.
     */
    VerifyReport verify();

    /** What opening this store found and did. */
    RecoveryReport recovery();

    /**
     * Writes the newest revision as a checkpoint and cuts the log before it; returns when both are durable. Writers go on
     * meanwhile. Does nothing on a store that keeps nothing.
     */
    void checkpoint();
}
