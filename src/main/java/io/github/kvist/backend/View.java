// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import org.jspecify.annotations.Nullable;

/**
 * A consistent view of one revision, judged by one instant, that of its opening: an entry whose deadline is at or before it is
 * not there, and what the view shows never changes. Ranges are half-open: {@code from} inclusive, {@code to} exclusive and {@code null} for
 * the end. Safe for any number of threads, unless it is a {@link Branch}.
 */
public interface View extends AutoCloseable {

    long revision();

    @Nullable
    Stored get(Keyspace keyspace, byte[] key);

    /** The entries of the range in order, or from its end to its start. What is written later does not show. */
    EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse);

    long count(Keyspace keyspace, byte[] from, byte @Nullable [] to);

    @Override
    void close();
}
