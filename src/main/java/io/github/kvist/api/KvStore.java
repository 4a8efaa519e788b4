// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store of typed tables with serializable transactions, snapshots and indexes.
 *
 * <p>Safe for any number of threads. Every method throws {@link KvException.Closed} once the store is closed, and
 * {@link KvException} for everything that can go wrong at run time; wrong use is {@link IllegalArgumentException} or
 * {@link IllegalStateException}.
 */
public interface KvStore extends AutoCloseable {

    /**
     * Runs {@code work} against one consistent view of the newest commit and returns its result.
     *
     * <p>Never blocks on the built-in engine and is never blocked. The view ends with the call. Where an index has to be
     * built first, the closure may run more than once.
     */
    <R extends @Nullable Object> R read(Function<? super ReadTransaction, ? extends R> work);

    /**
     * Runs {@code work} in a transaction: commits when it returns, rolls back when it throws.
     *
     * <p>On a conflict the closure runs again on the newer state, so side effects belong into
     * {@link WriteTransaction#onCommit}. A closure that keeps losing gets its turn alone, so it ends.
     *
     * @throws IllegalStateException if this thread is already inside a {@code write} or {@code update} of this store
     * @throws KvException.Conflict if the retries or the time of the default options are used up
     * @throws KvException.OutcomeUnknown if the log could not be written; the store then refuses writes until reopened
     */
    <R extends @Nullable Object> R write(Function<? super WriteTransaction, ? extends R> work);

    /** As {@link #write(Function)}, with isolation, durability, time and retries of its own. */
    <R extends @Nullable Object> R write(
            TransactionOptions options, Function<? super WriteTransaction, ? extends R> work);

    /** As {@link #write(Function)}, without a result. */
    void update(Consumer<? super WriteTransaction> work);

    /** Opens a transaction that the caller ends: {@code close} without {@code commit} rolls back. Not retried. */
    WriteTransaction begin();

    /** As {@link #begin()}, with options of its own; retries do not apply. */
    WriteTransaction begin(TransactionOptions options);

    /**
     * The table, each operation on it a transaction of its own.
     *
     * @throws IllegalStateException if the store already knows another definition of that name
     */
    <K, V> TableWriter<K, V> in(Table<K, V> table);

    /** A view of the newest commit that stays readable until it is closed, in O(1) on the built-in engine. */
    Snapshot snapshot();

    /**
     * What is different in {@code to}: one change for each key, by table and in order of the keys' bytes. {@code from} may be the
     * newer one; each snapshot shows what it shows, also what is due.
     *
     * <p>Lazy, and its cost grows with the change, not with the data, on the built-in engine. Both snapshots must stay open until
     * the stream is done; close the stream. A change is typed by the table that was used with this store, or with the one it is
     * a fork of; a table that the program never named appears with its bytes.
     *
     * @throws IllegalArgumentException if a snapshot is of another store
     * @throws KvException.Closed if a snapshot was closed, also from the stream
     * @throws KvException.Unsupported if the store has no {@link Capability#DIFF}
     */
    Stream<Change<?, ?>> diff(Snapshot from, Snapshot to);

    /**
     * What became of the transaction that a {@link KvException.OutcomeUnknown} named. After {@link Outcome#ROLLED_BACK} it never
     * happens, even if it was still on its way. A store that remembers no transactions, such as that of the built-in engine, answers
     * {@link Outcome#UNKNOWN}.
     *
     * @throws KvException.Unavailable if the system cannot be asked now
     */
    Outcome outcome(String transactionId);

    /**
     * Brings what {@code fork} changed since its snapshot into this store, as one commit: records with their versions and
     * deadlines, and their index entries. The fork stays open and as it is; merged again, it brings what it changed since the
     * last merge.
     *
     * <p>All or nothing: a key that the fork changed must be here as it was in the fork's snapshot, or the last merge. What was
     * done here to other keys stays, and the fork does not see it.
     *
     * @throws KvException.Conflict if a key was changed on both sides, or both sides together would break a unique index; says
     *     which, and nothing was done. Running the same merge again does not help: take a new fork
     * @throws IllegalArgumentException if {@code fork} was not made by a snapshot of this store
     * @throws IllegalStateException if the fork changed the definition of a table that this store was given otherwise
     * @throws KvException.Unsupported if the store has no {@link Capability#FORK} or was opened read-only
     */
    void merge(KvStore fork);

    /**
     * A view of an older commit, as long as {@link Options#history(long)} keeps it. Deadlines are judged by the present, as in
     * every view: what has passed since does not come back.
     *
     * @throws KvException.Trimmed if it is older than what is kept; the message has the oldest revision that is
     * @throws IllegalArgumentException if {@code revision} is negative, or one of the future
     * @throws KvException.Unsupported if this store keeps no history
     */
    Snapshot snapshotAt(long revision);

    /**
     * Reports every commit that touches what is watched, in revision order. Costs commits that touch something else nothing;
     * close it when it is no longer needed.
     *
     * @throws IllegalArgumentException if it begins after a revision of the future, or its range is not one of the table's
     * @throws IllegalStateException if the store already knows another definition of the table's name
     * @throws KvException.Unsupported if this store has no watches
     */
    Watch watch(WatchOptions options);

    /** The number of the newest visible commit; 0 for a store that never had one. */
    long revision();

    /** What this store can do, natively or by other means, and its limits. */
    Capabilities capabilities();

    /** Looking after the store: checking it, its last recovery, checkpoints. */
    Admin admin();

    /**
     * Waits for commits under way, makes everything durable and releases the store. A second call does nothing.
     *
     * @throws KvException if the last bytes could not be made durable; the store is closed all the same
     */
    @Override
    void close();
}
