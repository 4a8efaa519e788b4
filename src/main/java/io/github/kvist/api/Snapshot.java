// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

/**
 * A read transaction that lives until it is closed. Safe for any number of threads.
 *
 * <p>An open snapshot keeps the memory of its revision: at most one more copy of what was rewritten since.
 */
public interface Snapshot extends ReadTransaction, AutoCloseable {

    /** Lets go of the revision. A second call does nothing; every other method then throws {@link KvException.Closed}. */
    @Override
    void close();
}
