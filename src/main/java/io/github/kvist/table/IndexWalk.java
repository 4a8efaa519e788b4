// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.View;

/** Walks through the entries of an index and shows their records. */
record IndexWalk<K, V>(Views views, TableSpace<K, V> space, IndexSpace<V, ?> index, Bounds bounds)
        implements Walk<K, V> {

    @Override
    public long identity() {
        return PageTokens.identity(space.name(), index.name(), bounds);
    }

    @Override
    public WalkCursor<K, V> start(Bounds part, boolean reverse, long limit) {
        View view = views.acquireIndexed(space);
        try {
            EntryCursor entries = view.scan(index.keyspace(), part.from(), part.to(), reverse);
            IndexCursor<K, V> cursor = new IndexCursor<>(views, view, entries, limit, space, index);
            views.opened(cursor);
            return cursor;
        } catch (RuntimeException | Error failed) {
            views.release(view);
            throw failed;
        }
    }
}
