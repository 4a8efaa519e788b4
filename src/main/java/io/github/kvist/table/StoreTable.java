// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Expiry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.Version;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A table outside of transactions: each operation is its own.
 *
 * <p>Single writes to a table without indexes go to the backend in one call; all else takes the way of every transaction.
 */
final class StoreTable<K, V> extends ViewTable<K, V> implements TableWriter<K, V> {

    /** How often a single write that lost against others is tried again before it takes the way that ends for sure. */
    private static final int ATTEMPTS = 8;

    private final TableStore store;

    StoreTable(TableStore store, TableSpace<K, V> space) {
        super(store.newestViews(), space);
        this.store = store;
    }

    /** As in every table, but without the indirection: this is the path of most reads. */
    @Override
    public @Nullable V getOrNull(K key) {
        Stored stored = store.get(space.records(), space.keyToFind(key));
        return stored == null ? null : space.value(stored);
    }

    /** Whether single writes need neither index entries nor the definition. */
    private boolean isDirect() {
        return !space.isIndexed() && space.known().isExact();
    }

    @Override
    public void put(K key, V value) {
        put(key, value, space.table().expiry());
    }

    @Override
    public void put(K key, V value, Expiry expiry) {
        Objects.requireNonNull(expiry, "expiry");
        if (isDirect() && commit(List.of(), storing(space.keyToWrite(key), space.valueToWrite(value), expiry))) {
            return;
        }
        store.update(transaction -> transaction.in(space.table()).put(key, value, expiry));
    }

    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        store.update(transaction -> transaction.in(space.table()).putAll(entries));
    }

    @Override
    public Optional<V> putIfAbsent(K key, V value) {
        return putIfAbsent(key, value, space.table().expiry());
    }

    @Override
    public Optional<V> putIfAbsent(K key, V value, Expiry expiry) {
        Objects.requireNonNull(expiry, "expiry");
        if (isDirect()) {
            byte[] encodedKey = space.keyToWrite(key);
            byte[] encodedValue = space.valueToWrite(value);
            for (int i = 0; i < ATTEMPTS; i++) {
                Stored present = findToChange(encodedKey);
                if (present != null) {
                    return Optional.of(space.value(present));
                }
                if (commit(condition(encodedKey, Condition.ABSENT), storing(encodedKey, encodedValue, expiry))) {
                    return Optional.empty();
                }
            }
        }
        return store.<Optional<V>>write(
                transaction -> transaction.in(space.table()).putIfAbsent(key, value, expiry));
    }

    @Override
    public boolean replace(K key, Version expected, V value) {
        return replace(key, expected, value, space.table().expiry());
    }

    @Override
    public boolean replace(K key, Version expected, V value, Expiry expiry) {
        Objects.requireNonNull(expiry, "expiry");
        long stamp = expected.stamp();
        if (isDirect()) {
            byte[] encodedKey = space.keyToWrite(key);
            byte[] encodedValue = space.valueToWrite(value);
            // A text may be parsed to the stamp that stands for absence; no entry has it.
            boolean isReplaced = stamp != Condition.ABSENT
                    && commit(condition(encodedKey, stamp), storing(encodedKey, encodedValue, expiry));
            if (isReplaced || store.shared() == null) {
                return isReplaced;
            }
        }
        return store.<Boolean>write(transaction -> transaction.in(space.table()).replace(key, expected, value, expiry));
    }

    @Override
    public boolean touch(K key, Expiry expiry) {
        return store.<Boolean>write(transaction -> transaction.in(space.table()).touch(key, expiry));
    }

    @Override
    public @Nullable V compute(K key, UnaryOperator<@Nullable V> change) {
        return store.<@Nullable V>write(
                transaction -> transaction.in(space.table()).compute(key, change));
    }

    @Override
    public boolean delete(K key) {
        if (isDirect()) {
            byte[] encoded = space.keyToFind(key);
            for (int i = 0; i < ATTEMPTS; i++) {
                Stored present = findToChange(encoded);
                if (present == null) {
                    return false;
                }
                if (commit(condition(encoded, present.version()), deleting(encoded))) {
                    return true;
                }
            }
        }
        return store.<Boolean>write(transaction -> transaction.in(space.table()).delete(key));
    }

    @Override
    public boolean delete(K key, Version expected) {
        Objects.requireNonNull(expected, "expected");
        if (isDirect()) {
            byte[] encoded = space.keyToFind(key);
            boolean isDeleted = expected.stamp() != Condition.ABSENT
                    && commit(condition(encoded, expected.stamp()), deleting(encoded));
            if (isDeleted || store.shared() == null) {
                return isDeleted;
            }
        }
        return store.<Boolean>write(transaction -> transaction.in(space.table()).delete(key, expected));
    }

    @Override
    public long deleteRange(KeyRange<K> range) {
        return store.<Long>write(transaction -> transaction.in(space.table()).deleteRange(range));
    }

    @Override
    public void clear() {
        store.update(transaction -> transaction.in(space.table()).clear());
    }

    @Override
    @Nullable
    Stored find(byte[] key) {
        return store.get(space.records(), key);
    }

    private @Nullable Stored findToChange(byte[] key) {
        store.requireWritable();
        return find(key);
    }

    /**
     * One commit in one call; false if a condition does not hold, which on a system that others write to may also be that the
     * definition is still what it was.
     */
    private boolean commit(List<Condition> conditions, List<Operation> operations) {
        DefinitionVersion version =
                store.shared() == null ? null : space.known().exact();
        if (version == null) {
            return store.commit(conditions, operations);
        }
        List<Condition> all = new ArrayList<>(conditions);
        all.add(version.condition(store.definitions().keyspace(), space.known().key()));
        return store.commit(all, operations);
    }

    private List<Condition> condition(byte[] key, long version) {
        return List.of(new Condition(space.records(), key, version));
    }

    private List<Operation> storing(byte[] key, byte[] value, Expiry expiry) {
        if (expiry == Expiry.never()) {
            return putting(key, value, Stored.NEVER); // without asking for the time
        }
        long now = store.now();
        long deadline = expiry.deadline(now);
        return deadline > now ? putting(key, value, deadline) : deleting(key);
    }

    private List<Operation> putting(byte[] key, byte[] value, long deadline) {
        return List.of(new Operation.Put(space.records(), key, value, deadline));
    }

    private List<Operation> deleting(byte[] key) {
        return List.of(new Operation.Delete(space.records(), key));
    }
}
