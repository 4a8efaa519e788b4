// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.IndexReader;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Scan;
import java.util.Optional;
import java.util.function.Supplier;

/** An index of a table of the current store. */
record SwitchingIndex<K, V, I>(Supplier<IndexReader<K, V, I>> current) implements IndexReader<K, V, I> {

    @Override
    public Optional<V> one(I indexKey) {
        return current.get().one(indexKey);
    }

    @Override
    public Scan<K, V> eq(I indexKey) {
        return current.get().eq(indexKey);
    }

    @Override
    public Scan<K, V> scan(KeyRange<I> range) {
        return current.get().scan(range);
    }

    @Override
    public long count(I indexKey) {
        return current.get().count(indexKey);
    }

    @Override
    public long count(KeyRange<I> range) {
        return current.get().count(range);
    }
}
