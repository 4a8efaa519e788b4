// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.nio.ByteBuffer;

/**
 * A read-only view of bytes in the store, without a copy; it stays valid for ever and never changes.
 *
 * <p>It keeps the page it lies in alive (about 2 KB). Two slices are equal if their bytes are. Safe for any number of
 * threads.
 */
public interface Slice {

    int length();

    /**
     * The byte at {@code index}.
     *
     * @throws IndexOutOfBoundsException unless {@code 0 <= index < length()}
     */
    byte byteAt(int index);

    /**
     * The eight bytes from {@code index} as a big-endian number.
     *
     * @throws IndexOutOfBoundsException unless all eight lie inside
     */
    long longAt(int index);

    /** A fresh copy. */
    byte[] toBytes();

    /** A read-only buffer over the same bytes. */
    ByteBuffer asByteBuffer();
}
