// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Table;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.codec.LeadingKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An index's place in a backend. The key of an entry is the index key, ready for more to follow, and then the primary key of
 * the record; its value is empty. Immutable.
 *
 * @param <V> values of the table
 * @param <I> keys of the index
 */
final class IndexSpace<V, I> {

    private final Index<? super V, I> index;
    private final IndexDefinition definition;
    private final String where;
    private final Keyspace keyspace;
    private final CheckedKeys<I> keys;
    private final LeadingKey<I> leading;
    private final int keyBytesMax;

    IndexSpace(Table<?, V> table, Index<? super V, I> index, Backend backend) {
        this.index = index;
        this.definition = IndexDefinition.of(index);
        this.where = table + ", index " + index.name();
        this.keyspace = backend.keyspace(KeyspaceNames.index(table.name(), index.name()));
        this.keys = new CheckedKeys<>(index.codec(), where);
        this.leading = new LeadingKey<>(keys);
        this.keyBytesMax = backend.capabilities().limits().keyBytes();
    }

    Keyspace keyspace() {
        return keyspace;
    }

    String name() {
        return index.name();
    }

    IndexDefinition definition() {
        return definition;
    }

    boolean is(Index<?, ?> other) {
        return index == other || definition.equals(IndexDefinition.of(other));
    }

    boolean isUnique() {
        return index.kind() == Index.Kind.UNIQUE;
    }

    /** The keys of the entries of a record, sorted, none twice. */
    List<byte[]> entries(V value, byte[] primaryKey) {
        List<byte[]> entries = new ArrayList<>(1);
        for (I key : keysOf(value)) {
            entries.add(entry(key, primaryKey));
        }
        return entries.size() > 1 ? sortedWithoutTwins(entries) : entries;
    }

    private List<I> keysOf(V value) {
        try {
            List<I> all = new ArrayList<>(1);
            for (I key : index.keysOf(value)) {
                all.add(Objects.requireNonNull(key, "index key"));
            }
            return all;
        } catch (Exception failed) {
            throw CheckedKeys.failure(where, "the extractor failed", failed);
        }
    }

    private byte[] entry(I key, byte[] primaryKey) {
        byte[] head = lead(key);
        long length = (long) head.length + primaryKey.length;
        if (length > keyBytesMax) {
            throw new KvException.LimitExceeded(where + ": an entry has " + length + " bytes (index key " + head.length
                    + ", primary key " + primaryKey.length + ") and may have " + keyBytesMax
                    + ". Nothing was written; make one of the keys shorter.");
        }
        byte[] entry = Arrays.copyOf(head, (int) length);
        System.arraycopy(primaryKey, 0, entry, head.length, primaryKey.length);
        return entry;
    }

    private byte[] lead(I key) {
        try {
            return leading.encode(key);
        } catch (IllegalStateException wrongSize) {
            throw CheckedKeys.failure(where, "the key codec " + keys.id() + " could not encode a key", wrongSize);
        }
    }

    private static List<byte[]> sortedWithoutTwins(List<byte[]> entries) {
        entries.sort(Arrays::compareUnsigned);
        List<byte[]> unique = new ArrayList<>(entries.size());
        byte @Nullable [] last = null;
        for (byte[] entry : entries) {
            if (last == null || !Arrays.equals(last, entry)) {
                unique.add(entry);
            }
            last = entry;
        }
        return unique;
    }

    /** The entries with exactly this index key. */
    Bounds entriesOf(I key) {
        return Bounds.startingWith(lead(Objects.requireNonNull(key, "indexKey")));
    }

    /** All entries with the index key of {@code entry}. */
    Bounds siblings(byte[] entry) {
        return Bounds.startingWith(Arrays.copyOf(entry, primaryKeyAt(entry)));
    }

    Bounds entriesIn(KeyRange<I> range) {
        Bounds plain = Bounds.of(range, keys);
        byte[] from = leading.bound(plain.from());
        byte[] to = plain.to();
        return from == null ? Bounds.NONE : Bounds.between(from, to == null ? null : leading.bound(to));
    }

    byte[] primaryKey(byte[] entry) {
        return Arrays.copyOfRange(entry, primaryKeyAt(entry), entry.length);
    }

    private int primaryKeyAt(byte[] entry) {
        try {
            return leading.end(entry, 0, entry.length);
        } catch (IllegalArgumentException cut) {
            throw new KvException.Corrupt(
                    where
                            + ": an entry has no index key. Run verify, and raise the revision of the index to rebuild it.",
                    cut);
        }
    }

    @Override
    public String toString() {
        return where;
    }
}
