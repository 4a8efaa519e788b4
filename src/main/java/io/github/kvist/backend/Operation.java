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
     * @param version that the entry gets, one that {@link Backend#newVersion} gave; {@link #ANY} lets the backend draw one
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Put(Keyspace keyspace, byte[] key, byte[] value, long deadline, long version) implements Operation {

        /** For a version that nobody has to know before the commit. */
        public static final long ANY = -1;

        public Put(Keyspace keyspace, byte[] key, byte[] value, long deadline) {
            this(keyspace, key, value, deadline, ANY);
        }
    }

    /**
     * Changes the deadline of an entry, which keeps its value and its version; no error if it is absent.
     *
     * @param deadline in milliseconds since the epoch; {@link Stored#NEVER} for none
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Touch(Keyspace keyspace, byte[] key, long deadline) implements Operation {}

    /** Removes a key; no error if it is absent. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Delete(Keyspace keyspace, byte[] key) implements Operation {}
}
