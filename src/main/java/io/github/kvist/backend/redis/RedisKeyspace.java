// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.backend.Keyspace;
import java.nio.ByteBuffer;

/**
 * A keyspace: a hash of entries, and their keys in order in a sorted set.
 *
 * @param entries the key of the hash
 * @param order the key of the sorted set
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record RedisKeyspace(Layout layout, String name, byte[] nameBytes, byte[] entries, byte[] order) implements Keyspace {

    /** How its members of the deadlines begin. */
    byte[] memberPrefix() {
        return ByteBuffer.allocate(Short.BYTES + nameBytes.length)
                .putShort((short) nameBytes.length)
                .put(nameBytes)
                .array();
    }

    @Override
    public String toString() {
        return name;
    }
}
