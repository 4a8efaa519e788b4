// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Change;
import io.github.kvist.api.Table;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Stored;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import org.jspecify.annotations.Nullable;

/**
 * Gives changes of bytes the types of the table that the store, or the one it is a fork of, was used with. Safe for any number of threads.
 *
 * <p>Decoding runs the codecs of the caller: on the caller's thread, never on one of the store's.
 */
final class TypedChanges {

    private final Definitions definitions;

    TypedChanges(Definitions definitions) {
        this.definitions = definitions;
    }

    /** The change of a record; by the bytes if the program never named its table. */
    Change<?, ?> typed(KeyChange change) {
        String name = KeyspaceNames.table(change.keyspace().name());
        Table<?, ?> type = definitions.typeOf(name);
        return type == null ? of(Table.of(name, Keys.bytes(), Values.bytes()), change) : of(type, change);
    }

    /** The change of a record of {@code table}. */
    static <K, V> Change<K, V> of(Table<K, V> table, KeyChange change) {
        V after = value(table, change.after());
        return new Change<>(
                table,
                after != null ? Change.Kind.PUT : change.expired() ? Change.Kind.EXPIRE : Change.Kind.DELETE,
                key(table, change.key()),
                value(table, change.before()),
                after);
    }

    private static <K> K key(Table<K, ?> table, byte[] encoded) {
        return new CheckedKeys<>(table.keys(), table.toString()).decode(encoded, 0, encoded.length);
    }

    private static <V> @Nullable V value(Table<?, V> table, @Nullable Stored stored) {
        return stored == null ? null : TableSpace.decoded(table, stored.array(), stored.offset(), stored.length());
    }
}
