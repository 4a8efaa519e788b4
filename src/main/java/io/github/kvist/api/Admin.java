// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/** Looking after a store. Safe for any number of threads. */
public interface Admin {

    /**
     * The figures of this moment. O(tables + records that are due), beside all other work.
     *
     * @throws KvException.Unsupported if the backend does not know them
     */
    Stats stats();

    /**
     * Checks everything that can be checked while the store is in use: every checksum on storage, every invariant of the
     * trees, every index entry against its record. Of tables that the program has not used it checks that each index entry leads to
     * a record with the same deadline, and reports the rest as unchecked. O(data); reads one view and does not block writers.
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
     * Takes an index out of the stored definition of a table and deletes its entries; does nothing if it is not there. This is how
     * an index goes away on a system that several programs use, which refuses a program that knows fewer indexes than are stored;
     * programs that still define it are the ones that are refused to write afterwards, or build it anew. O(entries of the index).
     *
     * @throws IllegalStateException if this store was given the table with that index
     * @throws KvException.Unsupported if the store was opened read-only
     */
    void dropIndex(String table, String index);

    /** As {@link #backup(Path, ProgressListener)}, untold. */
    void backup(Path target);

    /**
     * Writes an image of the newest commit to a new file that only its owner may use, beside all other work: to a temporary file
     * first, which is synced, read again and checked, and then renamed. What is at {@code target} afterwards is whole.
     *
     * @param listener is told of entries, those of indexes and of the store's own too; each counts twice, when it is written and
     *     when it is read again. After an exception from it nothing is left behind
     * @throws IllegalArgumentException if something is at {@code target}, or its parent is no directory
     * @throws KvException.Unavailable if the file cannot be written; nothing is left behind
     * @throws KvException.Corrupt if what was read again is not what was written
     * @throws KvException.Unsupported if the store has no {@link Capability#IMAGES}
     */
    void backup(Path target, ProgressListener listener);

    /** As {@link #restore(Path, ProgressListener)}, untold. */
    void restore(Path source);

    /**
     * As {@link #restore(InputStream)}, from a file that {@link #backup} or {@link Snapshot#writeTo} wrote.
     *
     * @param listener is told of bytes read, of the size of the file; the commit comes after the last. After an exception from it
     *     nothing was changed
     * @throws IllegalArgumentException if there is no such file
     */
    void restore(Path source, ProgressListener listener);

    /** As {@link #restore(InputStream, boolean)}, into a store that holds no entry. */
    void restore(InputStream image);

    /** As {@link #restore(InputStream, boolean, ProgressListener)}, untold. */
    void restore(InputStream image, boolean replacing);

    /**
     * Takes what {@link Snapshot#writeTo} wrote: all tables, indexes, versions and deadlines. The whole image is read and checked
     * first; then it is one commit, durable before it is visible, and other commits wait for it. Revisions go on from the image's,
     * or from this store's if that is ahead. Transactions under way conflict; open snapshots stay as they are.
     *
     * @param image is read to its end and stays open
     * @param replacing whether all that is stored now goes; if not, the store must hold no entry
     * @param listener is told of bytes read; their total is not known. The commit comes after the last. After an exception from it
     *     nothing was changed
     * @throws IllegalStateException if the store holds entries, or was given a table that the image has with other codecs
     * @throws KvException.Corrupt if the image was cut or changed anywhere; this and the others: nothing was changed
     * @throws KvException.UnsupportedFormat if it is something else, or of a newer version
     * @throws KvException.Unavailable if {@code image} or the disk fails
     * @throws KvException.Unsupported if the store has no {@link Capability#IMAGES} or was opened read-only
     * @throws KvException.OutcomeUnknown if only the next opening will tell whether the old or the restored data are stored
     */
    void restore(InputStream image, boolean replacing, ProgressListener listener);

    /** As {@link #exportJsonLines(OutputStream, ProgressListener)}, untold. */
    void exportJsonLines(OutputStream out);

    /**
     * Writes every record of the newest commit as one JSON object on a line of its own, table by table, those that the program
     * never named too. A table begins with a line that names its codecs:
     *
     * <pre>
     * {"table":"people","keys":"string","values":"json"}
     * {"table":"people","key":"ann","value":{"city":"Oslo"},"version":"3f","expiresAt":"2030-01-01T00:00:00Z"}
     * {"table":"blobs","key":7,"value64":"AAEC","version":"40"}
     * </pre>
     *
     * <p>JSON values stand as they are; strings, numbers, UUIDs and instants as text and numbers; everything else as Base64 in
     * {@code key64} and {@code value64}. Beside other work, and in memory for one record.
     *
     * @param out is flushed and stays open
     * @param listener is told of entries
     * @throws KvException.Unavailable if {@code out} fails
     */
    void exportJsonLines(OutputStream out, ProgressListener listener);

    /** As {@link #importJsonLines(InputStream, ProgressListener)}, untold. */
    void importJsonLines(InputStream in);

    /**
     * Puts the records that {@link #exportJsonLines} wrote, or any other tool in that form, over what is there, in transactions of
     * up to a thousand lines. Values and deadlines are those of the lines, versions are new. Indexes of tables that the program has
     * named follow; of other tables they are built when it names them. Of a table that is neither named nor stored yet, the line
     * with its codecs has to come first.
     *
     * @param in UTF-8; is read to its end and stays open
     * @param listener is told of bytes read; their total is not known
     * @throws KvException.CodecFailure for a line that is not in this form: says line and column, what is wrong, and which lines were
     *     imported before; of its transaction nothing was
     * @throws KvException.UniqueViolation if a record would break a unique index; says the same
     * @throws KvException.LimitExceeded if a record is too large; says the same
     * @throws KvException.Unavailable if {@code in} fails
     * @throws KvException.Unsupported if the store was opened read-only
     */
    void importJsonLines(InputStream in, ProgressListener listener);
}
