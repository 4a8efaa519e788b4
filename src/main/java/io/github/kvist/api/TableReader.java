// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table to read. Null keys are refused with {@link NullPointerException}. */
public interface TableReader<K, V> {

    Optional<V> get(K key);

    @Nullable
    V getOrNull(K key);

    boolean contains(K key);

    Optional<Entry<K, V>> entry(K key);

    /** What is there of {@code keys}, in their order, from one view. */
    Map<K, V> getAll(Collection<? extends K> keys);

    Scan<K, V> scan();

    /**
     * The entries in {@code range}, in key order.
     *
     * @throws IllegalArgumentException if the range is upside down
     */
    Scan<K, V> scan(KeyRange<K> range);

    /** How many entries there are, in O(depth) on the built-in engine. */
    long count();

    /**
     * How many entries there are in {@code range}, in O(depth) on the built-in engine.
     *
     * @throws IllegalArgumentException if the range is upside down
     */
    long count(KeyRange<K> range);

    /**
     * The table as ordered by {@code index}.
     *
     * @throws IllegalArgumentException if the table was not defined with {@code index}
     */
    <I> IndexReader<K, V, I> by(Index<? super V, I> index);
}
