// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One revision of the {@link ReferenceBackend}; nobody changes its maps. */
record ReferenceState(long revision, Map<String, NavigableMap<byte[], Stored>> spaces) {

    static final ReferenceState EMPTY = new ReferenceState(0, Map.of());

    static NavigableMap<byte[], Stored> emptyMap() {
        return new TreeMap<>(Arrays::compareUnsigned);
    }

    NavigableMap<byte[], Stored> space(String name) {
        return spaces.getOrDefault(name, Collections.emptyNavigableMap());
    }

    @Nullable
    Stored get(Keyspace keyspace, byte[] key) {
        NavigableMap<byte[], Stored> space = spaces.get(keyspace.name());
        return space == null ? null : space.get(key);
    }

    NavigableMap<byte[], Stored> range(String name, byte[] from, byte @Nullable [] to) {
        NavigableMap<byte[], Stored> space = spaces.get(name);
        if (space == null || (to != null && Arrays.compareUnsigned(from, to) >= 0)) {
            return emptyMap();
        }
        return to == null ? space.tailMap(from, true) : space.subMap(from, true, to, false);
    }

    ReferenceState with(long revision, String name, NavigableMap<byte[], Stored> space) {
        Map<String, NavigableMap<byte[], Stored>> copy = new HashMap<>(spaces);
        copy.put(name, space);
        return new ReferenceState(revision, copy);
    }

    ReferenceState at(long revision) {
        return new ReferenceState(revision, spaces);
    }
}
