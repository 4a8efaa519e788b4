// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Expiry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.Version;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Stored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A table inside a write transaction.
 *
 * <p>Every operation encodes, extracts and checks all that it can before its first write. The old value of an indexed record
 * is read and guarded, so that its entries go with it under every isolation.
 */
final class TransactionTable<K, V> extends ViewTable<K, V> implements TableWriter<K, V> {

    private final BranchTransaction transaction;

    TransactionTable(BranchTransaction transaction, TableSpace<K, V> space) {
        super(transaction, space);
        this.transaction = transaction;
    }

    @Override
    public void put(K key, V value) {
        put(key, value, space.table().expiry());
    }

    @Override
    public void put(K key, V value, Expiry expiry) {
        Objects.requireNonNull(expiry, "expiry");
        byte[] encodedKey = space.keyToWrite(key);
        byte[] encodedValue = space.valueToWrite(value);
        Branch branch = transaction.writable(space);
        long deadline = deadline(expiry, branch);
        if (space.isIndexed()) {
            store(branch, encodedKey, encodedValue, value, branch.get(space.records(), encodedKey), deadline);
        } else {
            store(branch, encodedKey, encodedValue, deadline);
        }
    }

    /**
     * As {@link #put}, of what was encoded elsewhere.
     *
     * @throws KvException.CodecFailure if the codecs of this table cannot read it
     */
    void putEncoded(byte[] key, byte[] encoded, long deadline) {
        byte[] encodedKey = space.keyToWrite(space.key(key));
        V value = space.value(encoded, 0, encoded.length);
        space.requireValueWithin(encoded.length);
        Branch branch = transaction.writable(space);
        Stored before = space.isIndexed() ? branch.get(space.records(), encodedKey) : null;
        store(branch, encodedKey, encoded, value, before, deadline);
    }

    // What stays asks for no instant: on a remote system that is a view, and so another round trip.

    private static long deadline(Expiry expiry, Branch branch) {
        return expiry == Expiry.never() ? Stored.NEVER : expiry.deadline(branch.instant());
    }

    private static boolean isDue(long deadline, Branch branch) {
        return deadline != Stored.NEVER && deadline <= branch.instant();
    }

    /** Of a table without indexes. */
    private void store(Branch branch, byte[] key, byte[] encoded, long deadline) {
        if (isDue(deadline, branch)) {
            branch.delete(space.records(), key);
        } else {
            branch.put(space.records(), key, encoded, deadline);
        }
    }

    private void store(Branch branch, byte[] key, byte[] encoded, V value, @Nullable Stored before, long deadline) {
        if (!space.isIndexed()) {
            store(branch, key, encoded, deadline);
            return;
        }
        if (isDue(deadline, branch)) {
            if (before != null) {
                remove(branch, key, before);
            }
            return;
        }
        List<IndexChange> changes = changes(key, before, encoded, value, deadline);
        for (IndexChange change : changes) {
            change.requireUnique(branch);
        }
        branch.guard(space.records(), key);
        transaction.cursors().preserve(space.known(), key, before);
        transaction.writing();
        for (IndexChange change : changes) {
            change.remove(branch);
            change.add(branch, deadline);
        }
        store(branch, key, encoded, deadline);
        transaction.written();
    }

    private void remove(Branch branch, byte[] key, Stored before) {
        if (!space.isIndexed()) {
            branch.delete(space.records(), key);
            return;
        }
        List<IndexChange> changes = removals(key, space.value(before));
        branch.guard(space.records(), key);
        transaction.cursors().preserve(space.known(), key, before);
        transaction.writing();
        for (IndexChange change : changes) {
            change.remove(branch);
        }
        branch.delete(space.records(), key);
        transaction.written();
    }

    private List<IndexChange> changes(byte[] key, @Nullable Stored before, byte[] encoded, V value, long deadline) {
        boolean isRewritten = before != null && before.deadline() != deadline;
        if (before != null && !isRewritten && isSame(before, encoded)) {
            return List.of();
        }
        V old = before == null ? null : space.value(before);
        List<IndexChange> changes = new ArrayList<>(space.indexes().size());
        for (IndexSpace<V, ?> index : space.indexes()) {
            List<byte[]> gone = old == null ? List.of() : index.entries(old, key);
            changes.add(IndexChange.between(index, gone, index.entries(value, key), isRewritten));
        }
        return changes;
    }

    private List<IndexChange> removals(byte[] key, V old) {
        List<IndexChange> changes = new ArrayList<>(space.indexes().size());
        for (IndexSpace<V, ?> index : space.indexes()) {
            changes.add(IndexChange.removal(index, index.entries(old, key)));
        }
        return changes;
    }

    private static boolean isSame(Stored stored, byte[] bytes) {
        int end = stored.offset() + stored.length();
        return Arrays.equals(stored.array(), stored.offset(), end, bytes, 0, bytes.length);
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        // By their bytes: keys may be objects without equality, such as arrays.
        Map<byte[], Fresh<V>> sorted = new TreeMap<>(Arrays::compareUnsigned);
        for (Map.Entry<? extends K, ? extends V> entry : entries.entrySet()) {
            V value = entry.getValue();
            sorted.put(space.keyToWrite(entry.getKey()), new Fresh<>(space.valueToWrite(value), value));
        }
        Branch branch = transaction.writable(space);
        long deadline = deadline(space.table().expiry(), branch);
        if (!space.isIndexed()) {
            transaction.writing();
            sorted.forEach((key, fresh) -> store(branch, key, fresh.encoded, deadline));
            transaction.written();
            return;
        }
        List<IndexChange> changes = new ArrayList<>();
        sorted.forEach((key, fresh) -> {
            Stored before = branch.get(space.records(), key);
            changes.addAll(changes(key, before, fresh.encoded, fresh.value, deadline));
            branch.guard(space.records(), key);
            transaction.cursors().preserve(space.known(), key, before);
        });
        transaction.wholly(() -> {
            // All old entries go first, so that records can swap the keys of a unique index.
            changes.forEach(change -> change.remove(branch));
            for (IndexChange change : changes) {
                change.requireUnique(branch);
                change.add(branch, deadline);
            }
            sorted.forEach((key, fresh) -> store(branch, key, fresh.encoded, deadline));
        });
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Fresh<V>(byte[] encoded, V value) {}

    @Override
    public Optional<V> putIfAbsent(K key, V value) {
        return putIfAbsent(key, value, space.table().expiry());
    }

    @Override
    public Optional<V> putIfAbsent(K key, V value, Expiry expiry) {
        Objects.requireNonNull(expiry, "expiry");
        byte[] encodedKey = space.keyToWrite(key);
        byte[] encodedValue = space.valueToWrite(value);
        Branch branch = transaction.writable(space);
        Stored present = branch.get(space.records(), encodedKey);
        if (present != null) {
            return Optional.of(space.value(present));
        }
        store(branch, encodedKey, encodedValue, value, null, deadline(expiry, branch));
        return Optional.empty();
    }

    @Override
    public boolean replace(K key, Version expected, V value) {
        return replace(key, expected, value, space.table().expiry());
    }

    @Override
    public boolean replace(K key, Version expected, V value, Expiry expiry) {
        Objects.requireNonNull(expiry, "expiry");
        long stamp = expected.stamp();
        byte[] encodedKey = space.keyToWrite(key);
        byte[] encodedValue = space.valueToWrite(value);
        Branch branch = transaction.writable(space);
        Stored present = branch.get(space.records(), encodedKey);
        if (present == null || present.version() != stamp) {
            return false;
        }
        store(branch, encodedKey, encodedValue, value, present, deadline(expiry, branch));
        return true;
    }

    @Override
    public boolean touch(K key, Expiry expiry) {
        Objects.requireNonNull(expiry, "expiry");
        byte[] encoded = space.keyToFind(key);
        Branch branch = transaction.writable(space);
        Stored present = branch.get(space.records(), encoded);
        if (present == null) {
            return false;
        }
        long deadline = deadline(expiry, branch);
        if (isDue(deadline, branch)) {
            remove(branch, encoded, present);
        } else if (deadline != present.deadline()) {
            touch(branch, encoded, present, deadline);
        }
        return true;
    }

    private void touch(Branch branch, byte[] key, Stored present, long deadline) {
        List<IndexChange> entries = space.isIndexed() ? removals(key, space.value(present)) : List.of();
        transaction.writing();
        for (IndexChange change : entries) {
            for (byte[] entry : change.removed()) {
                IndexChange.guardSiblings(branch, change.index(), entry);
                branch.touch(change.index().keyspace(), entry, deadline);
            }
        }
        branch.touch(space.records(), key, deadline);
        transaction.written();
    }

    @Override
    public @Nullable V compute(K key, UnaryOperator<@Nullable V> change) {
        Objects.requireNonNull(change, "change");
        V changed = change.apply(getOrNull(key));
        if (changed == null) {
            delete(key);
            return null;
        }
        put(key, changed);
        return changed;
    }

    @Override
    public boolean delete(K key) {
        return delete(space.keyToFind(key), null);
    }

    @Override
    public boolean delete(K key, Version expected) {
        Objects.requireNonNull(expected, "expected");
        return delete(space.keyToFind(key), expected);
    }

    private boolean delete(byte[] key, @Nullable Version expected) {
        Branch branch = transaction.writable(space);
        Stored present = branch.get(space.records(), key);
        if (present == null || (expected != null && present.version() != expected.stamp())) {
            return false;
        }
        remove(branch, key, present);
        return true;
    }

    @Override
    public long deleteRange(KeyRange<K> range) {
        Bounds bounds = Bounds.of(range, space.keys());
        Branch branch = transaction.writable(space);
        if (!space.isIndexed()) {
            return branch.deleteRange(space.records(), bounds.from(), bounds.to());
        }
        transaction.cursors().detach(space.known());
        branch.guardRange(space.records(), bounds.from(), bounds.to());
        return bounds.isAll() ? deleteAll(branch) : deletePart(branch, bounds);
    }

    private long deleteAll(Branch branch) {
        transaction.writing();
        for (IndexSpace<V, ?> index : space.indexes()) {
            branch.deleteRange(index.keyspace(), Bounds.ALL.from(), null);
        }
        long deleted = branch.deleteRange(space.records(), Bounds.ALL.from(), null);
        transaction.written();
        return deleted;
    }

    private long deletePart(Branch branch, Bounds bounds) {
        List<IndexChange> changes = new ArrayList<>();
        try (EntryCursor records = branch.scan(space.records(), bounds.from(), bounds.to(), false)) {
            while (records.advance()) {
                V old = space.value(records.array(), records.offset(), records.length());
                changes.addAll(removals(records.key(), old));
            }
        }
        transaction.writing();
        changes.forEach(change -> change.remove(branch));
        long deleted = branch.deleteRange(space.records(), bounds.from(), bounds.to());
        transaction.written();
        return deleted;
    }

    @Override
    public void clear() {
        deleteRange(KeyRange.all());
    }
}
