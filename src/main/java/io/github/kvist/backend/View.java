// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import org.jspecify.annotations.Nullable;

/**
 * A consistent view of one revision, judged by one instant, that of its opening: an entry whose deadline is at or before it is
 * not there, and what the view shows never changes. Ranges are half-open: {@code from} inclusive, {@code to} exclusive and {@code null} for
 * the end. Safe for any number of threads, unless it is a {@link Branch}.
 *
 * <p>Where a system has no snapshots ({@link io.github.kvist.api.Capability#SNAPSHOT_READS} is not native) a read may throw
 * {@link io.github.kvist.api.KvException.Conflict}: something that the view has shown was changed since, and no later read could go
 * with it. The view is of no use then; whoever reads begins again with another.
 */
public interface View extends AutoCloseable {

    /** Of a system on the network it may be this call, or the first read, that settles it. */
    long revision();

    /** By what this view judges deadlines, in milliseconds since the epoch. */
    long instant();

    @Nullable
    Stored get(Keyspace keyspace, byte[] key);

    /** The entries of the range in order, or from its end to its start. What is written later does not show. */
    EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse);

    long count(Keyspace keyspace, byte[] from, byte @Nullable [] to);

    @Override
    void close();
}
