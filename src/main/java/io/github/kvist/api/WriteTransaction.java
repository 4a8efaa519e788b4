// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.function.LongConsumer;

/**
 * A private branch of the store that reads its own writes; others see it after {@link #commit} or never.
 *
 * <p>Confined to one thread at a time. Every method but {@link #close} throws {@link IllegalStateException} once the
 * transaction has ended.
 */
public interface WriteTransaction extends ReadTransaction, AutoCloseable {

    @Override
    <K, V> TableWriter<K, V> in(Table<K, V> table);

    /** Marks the present state so that {@link #rollbackTo} can come back to it. */
    Savepoint savepoint();

    /**
     * Undoes every write since {@code savepoint}, which stays usable; later savepoints end. What was read stays read: it is
     * still validated at the commit.
     *
     * @throws IllegalArgumentException if the savepoint is of another transaction or has ended
     */
    void rollbackTo(Savepoint savepoint);

    /**
     * Runs {@code action} with the revision on the committing thread, after the commit is visible and before the call that
     * committed returns; never after a rollback, also not one to a savepoint before this call.
     *
     * <p>An action that throws undoes nothing and stops no other; its exception is thrown to the caller after all have run.
     */
    void onCommit(LongConsumer action);

    /**
     * Makes the writes durable as asked for, then visible, and ends the transaction.
     *
     * @return the revision of this commit; the current one if nothing was written
     * @throws KvException.Conflict if something that this transaction depends on changed since it began
     * @throws KvException.OutcomeUnknown if the log could not be written
     */
    long commit();

    /** Rolls back unless committed. A second call does nothing. */
    @Override
    void close();
}
