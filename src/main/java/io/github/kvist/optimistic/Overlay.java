// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.optimistic;

import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The pending writes of a transaction, and how to undo the last of them. Confined to one thread at a time. */
final class Overlay {

    private final Map<String, Space> spaces = new LinkedHashMap<>();
    private final List<Undo> undone = new ArrayList<>();
    private boolean remembers;
    private long bytes;
    private int size;

    private record Space(Keyspace keyspace, NavigableMap<byte[], Pending> entries) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Undo(Space space, byte[] key, @Nullable Pending before) {}

    @Nullable
    Pending get(Keyspace keyspace, byte[] key) {
        Space space = spaces.get(keyspace.name());
        return space == null ? null : space.entries.get(key);
    }

    /** Takes {@code key} over. */
    void set(Keyspace keyspace, byte[] key, Pending pending) {
        Space space = spaces.computeIfAbsent(
                keyspace.name(), unseen -> new Space(keyspace, new TreeMap<>(Arrays::compareUnsigned)));
        replace(space, key, pending, remembers);
    }

    private void replace(Space space, byte[] key, @Nullable Pending pending, boolean remember) {
        Pending before = pending == null ? space.entries.remove(key) : space.entries.put(key, pending);
        size += (pending == null ? 0 : 1) - (before == null ? 0 : 1);
        bytes += (pending == null ? 0 : pending.bytes(key)) - (before == null ? 0 : before.bytes(key));
        if (remember) {
            undone.add(new Undo(space, key, before));
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** How many keys are written. */
    int size() {
        return size;
    }

    /** Of all keys and values that are written. */
    long bytes() {
        return bytes;
    }

    /** The present state, for {@link #rollbackTo}; writes are remembered from now on. */
    int mark() {
        remembers = true;
        return undone.size();
    }

    void rollbackTo(int mark) {
        for (int i = undone.size() - 1; i >= mark; i--) {
            Undo undo = undone.remove(i);
            replace(undo.space, undo.key, undo.before, false);
        }
    }

    /** A copy of what is pending in a range, in the order of a scan. */
    List<Map.Entry<byte[], Pending>> in(Range range, boolean reverse) {
        Space space = spaces.get(range.keyspace().name());
        byte[] to = range.to();
        if (space == null || (to != null && Arrays.compareUnsigned(range.from(), to) >= 0)) {
            return List.of();
        }
        NavigableMap<byte[], Pending> part = to == null
                ? space.entries.tailMap(range.from(), true)
                : space.entries.subMap(range.from(), true, to, false);
        return new ArrayList<>((reverse ? part.descendingMap() : part).entrySet());
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (Space space : spaces.values()) {
            space.entries.forEach((key, pending) -> operations.add(pending.operation(space.keyspace, key)));
        }
        return operations;
    }
}
