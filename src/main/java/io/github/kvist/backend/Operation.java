// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

/** One change of one key, inside a {@link Commit}. The arrays are copied by the backend before the commit returns. */
public sealed interface Operation {

    Keyspace keyspace();

    byte[] key();

    /**
     * Stores a value under a key.
     *
     * @param deadline in milliseconds since the epoch; {@link Stored#NEVER} for none
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Put(Keyspace keyspace, byte[] key, byte[] value, long deadline) implements Operation {}

    /** Removes a key; no error if it is absent. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Delete(Keyspace keyspace, byte[] key) implements Operation {}
}
