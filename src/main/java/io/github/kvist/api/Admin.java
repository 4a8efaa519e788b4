// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.io.InputStream;
import java.nio.file.Path;

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

    /**
     * Writes an image of the newest commit to a new file that only its owner may use, beside all other work: to a temporary file
     * first, which is synced, read again and checked, and then renamed. What is at {@code target} afterwards is whole.
     *
     * @throws IllegalArgumentException if something is at {@code target}, or its parent is no directory
     * @throws KvException.Unavailable if the file cannot be written; nothing is left behind
     * @throws KvException.Corrupt if what was read again is not what was written
     * @throws KvException.Unsupported if the store has no {@link Capability#IMAGES}
     */
    void backup(Path target);

    /**
     * As {@link #restore(InputStream)}, from a file that {@link #backup} or {@link Snapshot#writeTo} wrote.
     *
     * @throws IllegalArgumentException if there is no such file
     */
    void restore(Path source);

    /** As {@link #restore(InputStream, boolean)}, into a store that holds no entry. */
    void restore(InputStream image);

    /**
     * Takes what {@link Snapshot#writeTo} wrote: all tables, indexes, versions and deadlines. The whole image is read and checked
     * first; then it is one commit, durable before it is visible, and other commits wait for it. Revisions go on from the image's,
     * or from this store's if that is ahead. Transactions under way conflict; open snapshots stay as they are.
     *
     * @param image is read to its end and stays open
     * @param replacing whether all that is stored now goes; if not, the store must hold no entry
     * @throws IllegalStateException if the store holds entries, or was given a table that the image has with other codecs
     * @throws KvException.Corrupt if the image was cut or changed anywhere; this and the others: nothing was changed
     * @throws KvException.UnsupportedFormat if it is something else, or of a newer version
     * @throws KvException.Unavailable if {@code image} or the disk fails
     * @throws KvException.Unsupported if the store has no {@link Capability#IMAGES} or was opened read-only
     * @throws KvException.OutcomeUnknown if only the next opening will tell whether the old or the restored data are stored
     */
    void restore(InputStream image, boolean replacing);
}
