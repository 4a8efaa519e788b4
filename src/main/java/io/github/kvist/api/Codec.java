// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

/**
 * Turns objects into bytes and back. Safe for any number of threads.
 *
 * <p>What {@link #encode} returns is copied by the store before the call that caused it returns, so an encoder may return
 * an array that the caller owns. {@link #decode} must neither change nor keep {@code source}, unless it only hands it on
 * read-only: those bytes are the store's own memory.
 */
public interface Codec<V> {

    /** The name of the format, stored with the table: another id is another format. At most 200 characters. */
    String id();

    byte[] encode(V value);

    /** The object whose encoding lies in {@code source} from {@code offset} for {@code length} bytes. */
    V decode(byte[] source, int offset, int length);
}
