// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.linearizability;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.HashMap;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Single operations on a table are those of a map. */
@Tag("campaign")
@Param(name = "key", gen = IntGen.class, conf = "1:3")
@Param(name = "value", gen = IntGen.class, conf = "1:9")
public final class LinearizableMapTest {

    private static final Table<Integer, Long> TABLE = Table.of("map", Keys.int32(), Values.int64());

    private final KvStore store = Kvist.inMemory();

    @Operation
    public @Nullable Long get(@Param(name = "key") int key) {
        return store.in(TABLE).getOrNull(key);
    }

    @Operation
    public void put(@Param(name = "key") int key, @Param(name = "value") int value) {
        store.in(TABLE).put(key, (long) value);
    }

    @Operation
    public boolean delete(@Param(name = "key") int key) {
        return store.in(TABLE).delete(key);
    }

    @Operation
    public @Nullable Long add(@Param(name = "key") int key, @Param(name = "value") int value) {
        return store.in(TABLE).compute(key, old -> old == null ? value : old + value);
    }

    @Operation
    public long count() {
        return store.in(TABLE).count();
    }

    /** What it is to be like. */
    public static final class Model {
        private final Map<Integer, Long> map = new HashMap<>();

        public @Nullable Long get(int key) {
            return map.get(key);
        }

        public void put(int key, int value) {
            map.put(key, (long) value);
        }

        public boolean delete(int key) {
            return map.remove(key) != null;
        }

        public @Nullable Long add(int key, int value) {
            return map.merge(key, (long) value, Long::sum);
        }

        public long count() {
            return map.size();
        }
    }

    @Test
    void tableIsAMap() {
        Linearizable.check(LinearizableMapTest.class, Model.class);
    }
}
