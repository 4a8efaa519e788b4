// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A table to read and write. Null keys and values are refused with {@link NullPointerException}; an empty byte array is a
 * value. Values are encoded at once, so an object that changes later changes nothing here.
 *
 * <p>Every write without an {@link Expiry} sets the table's default, also over an entry that had another. A write whose
 * deadline has already come removes the entry instead of storing it, and is not checked against unique indexes.
 *
 * <p>Every writing method may throw {@link KvException.UniqueViolation} (it then had no effect, and the transaction can go
 * on), {@link KvException.LimitExceeded} for a key or value over {@link Capabilities#limits}, and
 * {@link KvException.CodecFailure} when a codec or an index extractor throws.
 */
public interface TableWriter<K, V> extends TableReader<K, V> {

    void put(K key, V value);

    void put(K key, V value, Expiry expiry);

    void putAll(Map<? extends K, ? extends V> entries);

    /** Stores unless the key is taken. Empty: stored; present: what was there. */
    Optional<V> putIfAbsent(K key, V value);

    /** As above; with a deadline that has already come, a free key stays free. */
    Optional<V> putIfAbsent(K key, V value, Expiry expiry);

    /** Stores if the entry is still the one with {@code expected}. */
    boolean replace(K key, Version expected, V value);

    boolean replace(K key, Version expected, V value, Expiry expiry);

    /** Stores what {@code change} makes of the value; it gets null for an absent key, and null from it removes. */
    @Nullable
    V compute(K key, UnaryOperator<@Nullable V> change);

    /** Changes the deadline of an entry and nothing else: it keeps its value and version. False if there is no entry. */
    boolean touch(K key, Expiry expiry);

    /** Deletes; false if there was nothing to delete. */
    boolean delete(K key);

    /** Deletes if the entry is still the one with {@code expected}. */
    boolean delete(K key, Version expected);

    /**
     * Deletes all entries of the range and returns how many there were.
     *
     * @throws IllegalArgumentException if the range is upside down
     */
    long deleteRange(KeyRange<K> range);

    void clear();
}
