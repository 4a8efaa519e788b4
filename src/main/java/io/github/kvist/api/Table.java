// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The immutable definition of a table: a name, how keys and values become bytes, and its indexes. Make it a constant.
 *
 * <p>A store keeps the definition with the data: a new index is built before it answers, one that the definition no longer
 * has is dropped at the first write, another key codec is refused.
 */
public final class Table<K, V> {

    private final String name;
    private final KeyCodec<K> keys;
    private final Codec<V> values;
    private final List<Index<? super V, ?>> indexes;
    private final Expiry expiry;

    private Table(String name, KeyCodec<K> keys, Codec<V> values, List<Index<? super V, ?>> indexes, Expiry expiry) {
        this.name = name;
        this.keys = keys;
        this.values = values;
        this.indexes = indexes;
        this.expiry = expiry;
    }

    /**
     * A table without indexes.
     *
     * @throws IllegalArgumentException unless the name has 1 to 200 characters, none of them a control character or half of a
     *     surrogate pair
     */
    public static <K, V> Table<K, V> of(String name, KeyCodec<K> keys, Codec<V> values) {
        return new Table<>(
                Names.checked("table", name),
                Objects.requireNonNull(keys, "keys"),
                Objects.requireNonNull(values, "values"),
                List.of(),
                Expiry.never());
    }

    public String name() {
        return name;
    }

    public KeyCodec<K> keys() {
        return keys;
    }

    public Codec<V> values() {
        return values;
    }

    public List<Index<? super V, ?>> indexes() {
        return indexes;
    }

    /**
     * A copy that maintains one index more.
     *
     * @throws IllegalArgumentException if the table already has an index of that name
     */
    public Table<K, V> with(Index<? super V, ?> index) {
        for (Index<? super V, ?> present : indexes) {
            if (present.name().equals(index.name())) {
                throw new IllegalArgumentException("Table " + name + " already has an index named " + index.name()
                        + ". Give this one another name.");
            }
        }
        List<Index<? super V, ?>> more = new ArrayList<>(indexes);
        more.add(index);
        return new Table<>(name, keys, values, List.copyOf(more), expiry);
    }

    /** What an entry gets whose write says nothing about it. */
    public Expiry expiry() {
        return expiry;
    }

    /**
     * A copy whose entries expire so long after each write, unless the write says otherwise. It is part of the definition of
     * which a store takes one for each name, but not of what is kept with the data: a later program may choose another.
     *
     * @throws IllegalArgumentException unless the duration is positive
     */
    public Table<K, V> expiring(Duration byDefault) {
        return new Table<>(name, keys, values, indexes, Expiry.after(byDefault));
    }

    @Override
    public String toString() {
        return "Table " + name;
    }
}
