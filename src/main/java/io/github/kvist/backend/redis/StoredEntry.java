// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.backend.Stored;

/**
 * An entry as it lies in the server.
 *
 * <pre>
 *   0         8          16
 *   | version | deadline | value … |      both as {@link Sortable}
 * </pre>
 */
final class StoredEntry {

    static final int HEAD_BYTES = 2 * Sortable.BYTES;

    private StoredEntry() {}

    static byte[] of(long version, long deadline, byte[] value) {
        byte[] entry = new byte[HEAD_BYTES + value.length];
        Sortable.write(version, entry, 0);
        Sortable.write(deadline, entry, Sortable.BYTES);
        System.arraycopy(value, 0, entry, HEAD_BYTES, value.length);
        return entry;
    }

    static Stored read(byte[] entry) {
        return read(entry, 0, entry.length);
    }

    static Stored read(byte[] array, int offset, int length) {
        return new Stored(
                array, offset + HEAD_BYTES, length - HEAD_BYTES, Sortable.read(array, offset), deadline(array, offset));
    }

    static long deadline(byte[] array, int offset) {
        return Sortable.read(array, offset + Sortable.BYTES);
    }
}
