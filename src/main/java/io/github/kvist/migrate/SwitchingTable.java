// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.Entry;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.IndexReader;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Scan;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableReader;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.Version;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A table of the current store; writes wait while that changes. */
final class SwitchingTable<K, V> implements TableWriter<K, V> {

    private final Gate gate;
    private final Table<K, V> table;

    SwitchingTable(Gate gate, Table<K, V> table) {
        this.gate = gate;
        this.table = table;
    }

    private TableReader<K, V> reader() {
        return gate.current().in(table);
    }

    private TableWriter<K, V> writer() {
        return gate.current().in(table);
    }

    @Override
    public Optional<V> get(K key) {
        return reader().get(key);
    }

    @Override
    public @Nullable V getOrNull(K key) {
        return reader().getOrNull(key);
    }

    @Override
    public boolean contains(K key) {
        return reader().contains(key);
    }

    @Override
    public Optional<Entry<K, V>> entry(K key) {
        return reader().entry(key);
    }

    @Override
    public Map<K, V> getAll(Collection<? extends K> keys) {
        return reader().getAll(keys);
    }

    @Override
    public Scan<K, V> scan() {
        return reader().scan();
    }

    @Override
    public Scan<K, V> scan(KeyRange<K> range) {
        return reader().scan(range);
    }

    @Override
    public long count() {
        return reader().count();
    }

    @Override
    public long count(KeyRange<K> range) {
        return reader().count(range);
    }

    @Override
    public <I> IndexReader<K, V, I> by(Index<? super V, I> index) {
        reader().by(index); // refuses what the table refuses
        return new SwitchingIndex<>(() -> reader().by(index));
    }

    @Override
    public void put(K key, V value) {
        gate.enter();
        try {
            writer().put(key, value);
        } finally {
            gate.leave();
        }
    }

    @Override
    public void put(K key, V value, Expiry expiry) {
        gate.enter();
        try {
            writer().put(key, value, expiry);
        } finally {
            gate.leave();
        }
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        gate.enter();
        try {
            writer().putAll(entries);
        } finally {
            gate.leave();
        }
    }

    @Override
    public Optional<V> putIfAbsent(K key, V value) {
        gate.enter();
        try {
            return writer().putIfAbsent(key, value);
        } finally {
            gate.leave();
        }
    }

    @Override
    public Optional<V> putIfAbsent(K key, V value, Expiry expiry) {
        gate.enter();
        try {
            return writer().putIfAbsent(key, value, expiry);
        } finally {
            gate.leave();
        }
    }

    @Override
    public boolean replace(K key, Version expected, V value) {
        gate.enter();
        try {
            return writer().replace(key, expected, value);
        } finally {
            gate.leave();
        }
    }

    @Override
    public boolean replace(K key, Version expected, V value, Expiry expiry) {
        gate.enter();
        try {
            return writer().replace(key, expected, value, expiry);
        } finally {
            gate.leave();
        }
    }

    @Override
    public @Nullable V compute(K key, UnaryOperator<@Nullable V> change) {
        gate.enter();
        try {
            return writer().compute(key, change);
        } finally {
            gate.leave();
        }
    }

    @Override
    public boolean touch(K key, Expiry expiry) {
        gate.enter();
        try {
            return writer().touch(key, expiry);
        } finally {
            gate.leave();
        }
    }

    @Override
    public boolean delete(K key) {
        gate.enter();
        try {
            return writer().delete(key);
        } finally {
            gate.leave();
        }
    }

    @Override
    public boolean delete(K key, Version expected) {
        gate.enter();
        try {
            return writer().delete(key, expected);
        } finally {
            gate.leave();
        }
    }

    @Override
    public long deleteRange(KeyRange<K> range) {
        gate.enter();
        try {
            return writer().deleteRange(range);
        } finally {
            gate.leave();
        }
    }

    @Override
    public void clear() {
        gate.enter();
        try {
            writer().clear();
        } finally {
            gate.leave();
        }
    }
}
