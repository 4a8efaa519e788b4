// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.backend.Stored;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The walks along indexes that are under way in a write transaction. Those that were forgotten without being closed are let
 * go with their owner. Confined to the transaction's thread.
 */
final class LiveCursors {

    private final List<WeakReference<IndexCursor<?, ?>>> cursors = new ArrayList<>();

    void add(IndexCursor<?, ?> cursor) {
        cursors.add(new WeakReference<>(cursor));
    }

    /** To be called before a record is overwritten or deleted. */
    void preserve(KnownTable table, byte[] key, @Nullable Stored stored) {
        if (stored != null && !cursors.isEmpty()) {
            forEach(table, cursor -> cursor.preserve(key, stored));
        }
    }

    /** To be called before many records of a table change. */
    void detach(KnownTable table) {
        forEach(table, IndexCursor::detach);
    }

    /** To be called before an earlier state comes back. */
    void detachAll() {
        forEach(null, IndexCursor::detach);
    }

    private void forEach(@Nullable KnownTable table, Consumer<IndexCursor<?, ?>> action) {
        cursors.removeIf(reference -> {
            IndexCursor<?, ?> cursor = reference.get();
            return cursor == null || cursor.isClosed();
        });
        for (WeakReference<IndexCursor<?, ?>> reference : cursors) {
            IndexCursor<?, ?> cursor = reference.get();
            if (cursor != null && (table == null || cursor.isOf(table))) {
                action.accept(cursor);
            }
        }
    }
}
