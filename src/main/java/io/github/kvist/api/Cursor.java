// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A position in a scan that moves on. Decodes a key or a value only when it is asked for, and allocates nothing else.
 * Confined to one thread. The accessors throw {@link IllegalStateException} before the first {@link #advance}, and after one
 * that returned false.
 */
public interface Cursor<K, V> extends AutoCloseable {

    /** Moves to the next entry; false at the end. */
    boolean advance();

    K key();

    V value();

    Version version();

    /** When the entry will be gone; {@code null}: it stays until it is deleted. */
    @Nullable
    Instant expiresAt();

    /**
     * Jumps ahead, so that the next {@link #advance} moves to the first entry at or beyond {@code key} in the scan's
     * direction; never leaves the scan's range and never moves back.
     *
     * @throws UnsupportedOperationException on an index scan, whose order is not the order of its keys
     */
    void seek(K key);

    @Override
    void close();
}
