// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.Optional;

/**
 * Finds records by an index. Scans are ordered by index key, then primary key; a multi index shows a record once for each of
 * its index keys in the range.
 */
public interface IndexReader<K, V, I> {

    /**
     * The record that has {@code indexKey}.
     *
     * @throws IllegalStateException unless the index is unique
     */
    Optional<V> one(I indexKey);

    Scan<K, V> eq(I indexKey);

    /**
     * The records whose index keys lie in {@code range}.
     *
     * @throws IllegalArgumentException if the range is upside down
     */
    Scan<K, V> scan(KeyRange<I> range);

    long count(I indexKey);

    /**
     * How many records have index keys in {@code range}, in O(depth) on the built-in engine.
     *
     * @throws IllegalArgumentException if the range is upside down
     */
    long count(KeyRange<I> range);
}
