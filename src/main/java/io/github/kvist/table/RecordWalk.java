// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.View;

/** Walks through records in the order of their keys. */
record RecordWalk<K, V>(Views views, TableSpace<K, V> space, Bounds bounds) implements Walk<K, V> {

    @Override
    public long identity() {
        return PageTokens.identity(space.name(), "", bounds);
    }

    @Override
    public WalkCursor<K, V> start(Bounds part, boolean reverse, long limit) {
        View view = views.acquire();
        try {
            EntryCursor records = view.scan(space.records(), part.from(), part.to(), reverse);
            return new RecordCursor<>(views, view, records, limit, space);
        } catch (RuntimeException | Error failed) {
            views.release(view);
            throw failed;
        }
    }
}
