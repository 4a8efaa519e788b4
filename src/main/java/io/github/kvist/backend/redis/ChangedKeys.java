// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import java.nio.ByteBuffer;

/**
 * The keys that one commit changed, as the field {@code k} of an entry of the stream has them; big-endian.
 *
 * <pre>
 *   0         8       16
 *   | instant | stamp | length | keyspace … | length | key … | flags | deadline | …
 *                       2                     4                1       8, if expired
 * </pre>
 */
final class ChangedKeys {

    private static final int BEFORE = 1;
    private static final int AFTER = 2;
    private static final int EXPIRED = 4;

    private final ByteBuffer rest;
    private final long instant;
    private String keyspace = "";
    private byte[] key = {};
    private int flags;
    private long deadline;

    ChangedKeys(byte[] field) {
        instant = Sortable.read(field, 0);
        rest = ByteBuffer.wrap(field).position(2 * Sortable.BYTES);
    }

    /** Of the commit. */
    long instant() {
        return instant;
    }

    boolean advance() {
        if (!rest.hasRemaining()) {
            return false;
        }
        byte[] name = next(Short.toUnsignedInt(rest.getShort()));
        keyspace = KeyspaceName.of(name, 0, name.length);
        key = next(rest.getInt());
        flags = rest.get();
        deadline = isExpired() ? Sortable.read(next(Sortable.BYTES), 0) : 0;
        return true;
    }

    private byte[] next(int length) {
        byte[] bytes = new byte[length];
        rest.get(bytes);
        return bytes;
    }

    String keyspace() {
        return keyspace;
    }

    byte[] key() {
        return key;
    }

    boolean hasBefore() {
        return (flags & BEFORE) != 0;
    }

    boolean hasAfter() {
        return (flags & AFTER) != 0;
    }

    boolean isExpired() {
        return (flags & EXPIRED) != 0;
    }

    /** That of the entry that expired. */
    long deadline() {
        return deadline;
    }
}
