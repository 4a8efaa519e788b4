// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * A read transaction that lives until it is closed. Safe for any number of threads.
 *
 * <p>An open snapshot keeps the memory of its revision: at most one more copy of what was rewritten since.
 */
public interface Snapshot extends ReadTransaction, AutoCloseable {

    /**
     * A private store in memory that begins with this snapshot: it is written to, snapshotted and forked like any other, and
     * neither sees what the other does from then on. {@link KvStore#merge} brings back what it changed. It has the clock of its
     * origin, gives changes the types of the tables that its origin was given until it is given its own, outlives the snapshot and its origin, and is its caller's to close.
     *
     * <p>O(1) on the built-in engine: all that neither changes is shared.
     *
     * @throws KvException.Closed if this snapshot was closed
     * @throws KvException.Unsupported if the store has no {@link Capability#FORK}
     */
    KvStore fork();

    /**
     * Writes all of this snapshot, every table, index, version and deadline, as one self-contained and checksummed image that
     * {@link Admin#restore(InputStream)} takes: for a backup, or the snapshot of a Raft state machine. Commits go on meanwhile.
     * Memory for one block, about a quarter of a megabyte, is enough.
     *
     * @param out is flushed and stays open
     * @throws KvException.Closed if this snapshot was closed
     * @throws KvException.Unavailable if {@code out} fails; the cause says why
     * @throws KvException.Unsupported if the store has no {@link Capability#IMAGES}
     */
    void writeTo(OutputStream out);

    /** Lets go of the revision. A second call does nothing; every other method then throws {@link KvException.Closed}. */
    @Override
    void close();
}
