// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

/** A position in a scan. Confined to one thread; the accessors are meaningful only after an {@link #advance} that was true. */
public interface EntryCursor extends AutoCloseable {

    boolean advance();

    /**
     * Jumps ahead in the direction of the scan, so that the next {@link #advance} moves to the first entry at or beyond
     * {@code key}; never back, never out of the range.
     */
    void seek(byte[] key);

    /** A fresh copy. */
    byte[] key();

    /** The array in which the value lies; it never changes and must not be changed. */
    byte[] array();

    int offset();

    int length();

    long version();

    /** In milliseconds since the epoch; {@link Stored#NEVER} for none. */
    long deadline();

    @Override
    void close();
}
