// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Codec;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Table;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A table's place in a backend: its keyspaces, and how its objects become bytes within the limits. Immutable. */
final class TableSpace<K, V> {

    private final Table<K, V> table;
    private final KnownTable known;
    private final Keyspace records;
    private final CheckedKeys<K> keys;
    private final Codec<V> values;
    private final List<IndexSpace<V, ?>> indexes;
    private final int keyBytesMax;
    private final int valueBytesMax;

    TableSpace(Table<K, V> table, KnownTable known, Backend backend) {
        this.table = table;
        this.known = known;
        this.records = backend.keyspace(KeyspaceNames.records(table.name()));
        this.keys = new CheckedKeys<>(table.keys(), table.toString());
        this.values = table.values();
        this.keyBytesMax = backend.capabilities().limits().keyBytes();
        this.valueBytesMax = backend.capabilities().limits().valueBytes();
        List<IndexSpace<V, ?>> places = new ArrayList<>();
        for (Index<? super V, ?> index : table.indexes()) {
            places.add(new IndexSpace<>(table, index, backend));
        }
        this.indexes = List.copyOf(places);
    }

    String name() {
        return table.name();
    }

    Table<K, V> table() {
        return table;
    }

    KnownTable known() {
        return known;
    }

    Keyspace records() {
        return records;
    }

    CheckedKeys<K> keys() {
        return keys;
    }

    List<IndexSpace<V, ?>> indexes() {
        return indexes;
    }

    boolean isIndexed() {
        return !indexes.isEmpty();
    }

    /**
     * The place of {@code index}, which may be another object of the same definition.
     *
     * @throws IllegalArgumentException if the table was not defined with it
     */
    @SuppressWarnings("unchecked") // one definition has one type of keys: its codec is the same
    <I> IndexSpace<V, I> index(Index<? super V, I> index) {
        for (IndexSpace<V, ?> place : indexes) {
            if (place.is(index)) {
                return (IndexSpace<V, I>) place;
            }
        }
        throw new IllegalArgumentException(table + " was not defined with the index " + index.name()
                + " as it is given here. Add it with Table.with, and use the constant that was added.");
    }

    /** The bytes of a key to look for. */
    byte[] keyToFind(K key) {
        return keys.encode(key);
    }

    /** The bytes of a key to write. */
    byte[] keyToWrite(K key) {
        byte[] encoded = keys.encode(key);
        requireWithin(keyBytesMax, encoded.length, "key");
        return encoded;
    }

    byte[] valueToWrite(V value) {
        Objects.requireNonNull(value, "value");
        byte[] encoded;
        try {
            encoded = Objects.requireNonNull(values.encode(value), "encoding");
        } catch (Exception failed) {
            throw CheckedKeys.failure(
                    table.toString(), "the value codec " + values.id() + " could not encode a value", failed);
        }
        requireWithin(valueBytesMax, encoded.length, "value");
        return encoded;
    }

    void requireValueWithin(int length) {
        requireWithin(valueBytesMax, length, "value");
    }

    K key(byte[] encoded) {
        return keys.decode(encoded, 0, encoded.length);
    }

    V value(Stored stored) {
        return value(stored.array(), stored.offset(), stored.length());
    }

    V value(byte[] array, int offset, int length) {
        return decoded(table, array, offset, length);
    }

    static <V> V decoded(Table<?, V> table, byte[] array, int offset, int length) {
        Codec<V> values = table.values();
        try {
            return Objects.requireNonNull(values.decode(array, offset, length), "decoded value");
        } catch (Exception failed) {
            throw CheckedKeys.failure(
                    table.toString(), "the value codec " + values.id() + " could not decode a value", failed);
        }
    }

    private void requireWithin(int limit, int length, String what) {
        if (length > limit) {
            throw new KvException.LimitExceeded(table + ": a " + what + " has " + length + " bytes and may have "
                    + limit + ". Nothing was written; split it or make it shorter.");
        }
    }

    @Override
    public String toString() {
        return table.toString();
    }
}
