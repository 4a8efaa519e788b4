// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.IndexReader;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Scan;
import io.github.kvist.backend.View;
import java.util.Optional;

/** Reads a table along an index. */
final class IndexView<K, V, I> implements IndexReader<K, V, I> {

    private final Views views;
    private final TableSpace<K, V> space;
    private final IndexSpace<V, I> index;

    IndexView(Views views, TableSpace<K, V> space, IndexSpace<V, I> index) {
        this.views = views;
        this.space = space;
        this.index = index;
    }

    @Override
    public Optional<V> one(I indexKey) {
        if (!index.isUnique()) {
            throw new IllegalStateException(
                    index + " is not unique, so one(…) could hide records. Use eq(…), or define it with Index.unique.");
        }
        return eq(indexKey).limit(1).values().stream().findFirst();
    }

    @Override
    public Scan<K, V> eq(I indexKey) {
        return scan(index.entriesOf(indexKey));
    }

    @Override
    public Scan<K, V> scan(KeyRange<I> range) {
        return scan(index.entriesIn(range));
    }

    private Scan<K, V> scan(Bounds bounds) {
        return new EntryScan<>(new IndexWalk<>(views, space, index, bounds));
    }

    @Override
    public long count(I indexKey) {
        return count(index.entriesOf(indexKey));
    }

    @Override
    public long count(KeyRange<I> range) {
        return count(index.entriesIn(range));
    }

    private long count(Bounds bounds) {
        View view = views.acquireIndexed(space);
        try {
            return view.count(index.keyspace(), bounds.from(), bounds.to());
        } finally {
            views.release(view);
        }
    }

    @Override
    public String toString() {
        return index.toString();
    }
}
