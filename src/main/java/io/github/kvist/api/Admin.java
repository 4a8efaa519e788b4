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

    /**
     * Removes every entry whose deadline has passed, with its index entries, in one commit that is as durable as the store's
     * commits by default. Such entries are invisible before; this gives back their memory. A store does it by itself within a
     * second of real time.
     *
     * <p>O(entries removed), beside other commits. Does nothing on a store that has no {@link Capability#EXPIRY}.
     *
     * @return how many records were removed
     * @throws IllegalStateException inside a {@code write} or {@code update} of this thread
     * @throws KvException.Unsupported if the store was opened read-only
     */
    long sweep();
}
