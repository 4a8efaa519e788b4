// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import org.jspecify.annotations.Nullable;

/**
 * One open store under measurement: plain bytes, and only what all of them can do.
 *
 * <p>Reads return a {@link Digest} of what they found, so that each store has to touch every byte of a value and none has to
 * copy it. A read outside a view sees the newest commit. Which methods may be used by several threads is up to the store.
 */
public interface Contender extends AutoCloseable {

    /** The digest of nothing. */
    long ABSENT = Long.MIN_VALUE;

    /** The digest of the value, or {@link #ABSENT}. */
    long get(byte[] key) throws Exception;

    /** Stores in a commit of its own. The arrays are the store's from then on. */
    void put(byte[] key, byte[] value) throws Exception;

    /** Reads the entry and replaces it unless somebody changed it in between; false if somebody did or it is not there. */
    boolean compareAndSet(byte[] key, byte[] value) throws Exception;

    /** Stores all entries in one transaction, if the store has such a thing. */
    void load(Entries entries) throws Exception;

    /** The digest of at most {@code limit} entries in key order from {@code from} on, or from the first. */
    default long scan(byte @Nullable [] from, int limit, Part part) throws Exception {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " has no order.");
    }

    /** A view of the newest commit that later commits do not change. */
    default View view() throws Exception {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " has no snapshots.");
    }

    /** Called once between loading and reading: what the store's manual advises then. */
    default void settle() throws Exception {}

    @Override
    void close() throws Exception;
}
