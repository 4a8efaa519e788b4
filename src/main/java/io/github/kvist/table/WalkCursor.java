// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Cursor;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Version;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.View;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A position among the entries of a keyspace, with at most so many steps. */
abstract sealed class WalkCursor<K, V> implements Cursor<K, V> permits RecordCursor, IndexCursor {

    final EntryCursor entries;
    final View view;
    private final Views views;
    private long left;
    private boolean onEntry;
    private boolean closed;

    WalkCursor(Views views, View view, EntryCursor entries, long limit) {
        this.views = views;
        this.view = view;
        this.entries = entries;
        this.left = limit;
    }

    @Override
    public final boolean advance() {
        requireOpen();
        onEntry = left > 0 && next();
        if (!onEntry) {
            left = 0;
            return false;
        }
        left--;
        return true;
    }

    /** Moves to the next entry of the keyspace. */
    abstract boolean next();

    /** The key in the keyspace at which the cursor stands. */
    abstract byte[] position();

    abstract long stamp();

    abstract long deadline();

    @Override
    public final Version version() {
        requireEntry();
        return Version.of(stamp());
    }

    @Override
    public final @Nullable Instant expiresAt() {
        requireEntry();
        return ViewTable.expiry(deadline());
    }

    final Entry<K, V> entry() {
        return new Entry<>(key(), value(), version(), expiresAt());
    }

    final void requireEntry() {
        requireOpen();
        if (!onEntry) {
            throw new IllegalStateException(
                    "The cursor stands on no entry. Call advance() first, and stop when it returns false.");
        }
    }

    final void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The cursor was closed. Start another from the scan.");
        }
        views.requireOpen();
    }

    final boolean isOnEntry() {
        return onEntry;
    }

    final long left() {
        return left;
    }

    final boolean isClosed() {
        return closed;
    }

    @Override
    public final void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            entries.close();
        } finally {
            views.release(view);
        }
    }
}
