// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One revision of the {@link ReferenceBackend}; nobody changes its maps.
 *
 * @param millis when it was committed
 * @param isSweep whether its commit was a sweep
 */
record ReferenceState(long revision, long millis, boolean isSweep, Map<String, NavigableMap<byte[], Stored>> spaces) {

    static final ReferenceState EMPTY = new ReferenceState(0, 0, false, Map.of());

    static NavigableMap<byte[], Stored> emptyMap() {
        return new TreeMap<>(Arrays::compareUnsigned);
    }

    NavigableMap<byte[], Stored> space(String name) {
        return spaces.getOrDefault(name, emptyMap());
    }

    /** The entry under a key unless it is due. */
    @Nullable
    Stored get(Keyspace keyspace, byte[] key, long instant) {
        Stored stored = space(keyspace.name()).get(key);
        return stored == null || stored.deadline() <= instant ? null : stored;
    }

    /** What is not due in a range. */
    NavigableMap<byte[], Stored> range(String name, byte[] from, byte @Nullable [] to, long instant) {
        NavigableMap<byte[], Stored> present = emptyMap();
        present.putAll(range(name, from, to));
        present.values().removeIf(stored -> stored.deadline() <= instant);
        return present;
    }

    /** Without all that is due. */
    ReferenceState swept(long instant) {
        ReferenceState swept = this;
        for (String name : spaces.keySet()) {
            swept = swept.with(name, range(name, new byte[0], null, instant));
        }
        return swept;
    }

    long count(Predicate<String> names) {
        return spaces.entrySet().stream()
                .filter(space -> names.test(space.getKey()))
                .mapToLong(space -> space.getValue().size())
                .sum();
    }

    long earliestDeadline() {
        return spaces.values().stream()
                .flatMap(space -> space.values().stream())
                .mapToLong(Stored::deadline)
                .min()
                .orElse(Stored.NEVER);
    }

    private NavigableMap<byte[], Stored> range(String name, byte[] from, byte @Nullable [] to) {
        NavigableMap<byte[], Stored> space = spaces.get(name);
        if (space == null || (to != null && Arrays.compareUnsigned(from, to) >= 0)) {
            return emptyMap();
        }
        return to == null ? space.tailMap(from, true) : space.subMap(from, true, to, false);
    }

    /** Whether a range shows the same here and there to those who came at {@code instant}. */
    boolean isSame(ReferenceState other, Range range, long instant) {
        NavigableMap<byte[], Stored> left = range(range.keyspace().name(), range.from(), range.to(), instant);
        NavigableMap<byte[], Stored> right = other.range(range.keyspace().name(), range.from(), range.to(), instant);
        if (left.size() != right.size()) {
            return false;
        }
        return left.entrySet().stream().allMatch(entry -> isSame(entry.getValue(), right.get(entry.getKey())));
    }

    static boolean isSame(@Nullable Stored one, @Nullable Stored other) {
        return one == null || other == null
                ? one == other
                : one.version() == other.version() && one.deadline() == other.deadline();
    }

    ReferenceState with(String name, NavigableMap<byte[], Stored> space) {
        Map<String, NavigableMap<byte[], Stored>> copy = new HashMap<>(spaces);
        copy.put(name, space);
        return new ReferenceState(revision, millis, isSweep, copy);
    }

    /** The same entries as the next revision, committed at {@code millis}. */
    ReferenceState next(long millis, boolean isSweep) {
        return new ReferenceState(revision + 1, millis, isSweep, spaces);
    }
}
