// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import org.jspecify.annotations.Nullable;

/**
 * A private branch of the store: a view that is written to and reads its own writes. Confined to one thread at a time.
 *
 * <p>What is read is validated at the commit as the isolation says; what is {@link #guard guarded} is validated always.
 * That an entry was swept which was due for the branch already is no change.
 */
public interface Branch extends View {

    /** The commit that the branch began with; once it has been committed, its own. */
    @Override
    long revision();

    /**
     * Takes copies of key and value before it returns.
     *
     * @return the version of the entry, valid now and after the commit
     */
    long put(Keyspace keyspace, byte[] key, byte[] value, long deadline);

    /** Changes the deadline of an entry, which keeps its value and its version; false if there is no entry. */
    boolean touch(Keyspace keyspace, byte[] key, long deadline);

    boolean delete(Keyspace keyspace, byte[] key);

    /** As {@link #delete}, for callers who do not ask whether there was an entry: a system on the network need not look. */
    default void discard(Keyspace keyspace, byte[] key) {
        delete(keyspace, key);
    }

    /** Deletes all entries of the range and returns how many there were. */
    long deleteRange(Keyspace keyspace, byte[] from, byte @Nullable [] to);

    /** The commit fails with a conflict, under every isolation, if somebody else changed this key meanwhile. */
    void guard(Keyspace keyspace, byte[] key);

    /** The commit fails with a conflict, under every isolation, if somebody else changed anything in the range meanwhile. */
    void guardRange(Keyspace keyspace, byte[] from, byte @Nullable [] to);

    /** The commit fails with a conflict, under every isolation, if {@code condition} does not hold then. */
    void require(Condition condition);

    /** The present state, for {@link #rollbackTo}. */
    Mark mark();

    /**
     * Undoes the writes since the mark; what was read stays read.
     *
     * @throws IllegalArgumentException if the mark is of another branch or was itself undone
     */
    void rollbackTo(Mark mark);

    /**
     * Returns when the writes are as durable as asked for, and visible.
     *
     * @return the revision; that of the view if nothing was written
     * @throws io.github.kvist.api.KvException.Conflict if what is to be validated changed; the branch has ended
     * @throws io.github.kvist.api.KvException.OutcomeUnknown if the log could not be written
     */
    long commit();

    /** Drops what was not committed. */
    @Override
    void close();

    /** A state inside a branch. */
    interface Mark {}
}
