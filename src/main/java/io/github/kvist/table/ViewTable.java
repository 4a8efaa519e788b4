// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Entry;
import io.github.kvist.api.Index;
import io.github.kvist.api.IndexReader;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Scan;
import io.github.kvist.api.TableReader;
import io.github.kvist.api.Version;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a table through views. */
sealed class ViewTable<K, V> implements TableReader<K, V> permits StoreTable, TransactionTable {

    final Views views;
    final TableSpace<K, V> space;

    ViewTable(Views views, TableSpace<K, V> space) {
        this.views = views;
        this.space = space;
    }

    @Override
    public final Optional<V> get(K key) {
        return Optional.ofNullable(getOrNull(key));
    }

    @Override
    public @Nullable V getOrNull(K key) {
        Stored stored = find(space.keyToFind(key));
        return stored == null ? null : space.value(stored);
    }

    @Override
    public final boolean contains(K key) {
        return find(space.keyToFind(key)) != null;
    }

    /** The entry under a key. */
    @Nullable
    Stored find(byte[] key) {
        View view = views.acquire();
        try {
            return view.get(space.records(), key);
        } finally {
            views.release(view);
        }
    }

    @Override
    public final Optional<Entry<K, V>> entry(K key) {
        Stored stored = find(space.keyToFind(key));
        return stored == null
                ? Optional.empty()
                : Optional.of(
                        new Entry<>(key, space.value(stored), Version.of(stored.version()), expiry(stored.deadline())));
    }

    static @Nullable Instant expiry(long deadline) {
        return deadline == Stored.NEVER ? null : Instant.ofEpochMilli(deadline);
    }

    @Override
    public final Map<K, V> getAll(Collection<? extends K> keys) {
        return views.together(() -> found(keys));
    }

    private Map<K, V> found(Collection<? extends K> keys) {
        Map<K, V> found = new LinkedHashMap<>();
        View view = views.acquire();
        try {
            for (K key : keys) {
                Stored stored = view.get(space.records(), space.keyToFind(key));
                if (stored != null) {
                    found.put(key, space.value(stored));
                }
            }
        } finally {
            views.release(view);
        }
        return found;
    }

    @Override
    public final Scan<K, V> scan() {
        return scan(KeyRange.all());
    }

    @Override
    public final Scan<K, V> scan(KeyRange<K> range) {
        return new EntryScan<>(new RecordWalk<>(views, space, Bounds.of(range, space.keys())));
    }

    @Override
    public final long count() {
        return count(Bounds.ALL);
    }

    @Override
    public final long count(KeyRange<K> range) {
        return count(Bounds.of(range, space.keys()));
    }

    private long count(Bounds bounds) {
        View view = views.acquire();
        try {
            return view.count(space.records(), bounds.from(), bounds.to());
        } finally {
            views.release(view);
        }
    }

    @Override
    public final <I> IndexReader<K, V, I> by(Index<? super V, I> index) {
        return new IndexView<>(views, space, space.index(index));
    }

    @Override
    public final String toString() {
        return space.toString();
    }
}
