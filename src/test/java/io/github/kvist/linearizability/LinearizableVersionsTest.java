// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.linearizability;

import io.github.kvist.Kvist;
import io.github.kvist.api.Entry;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is replaced or deleted by the version that was seen is what was seen. */
@Tag("campaign")
@Param(name = "key", gen = IntGen.class, conf = "1:2")
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public final class LinearizableVersionsTest {

    private static final Table<Integer, Long> TABLE = Table.of("versions", Keys.int32(), Values.int64());

    private final KvStore store = Kvist.inMemory();

    @Operation
    public @Nullable Long putIfAbsent(@Param(name = "key") int key, @Param(name = "value") int value) {
        return store.in(TABLE).putIfAbsent(key, (long) value).orElse(null);
    }

    @Operation
    public boolean replace(
            @Param(name = "key") int key, @Param(name = "value") int expected, @Param(name = "value") int value) {
        return ifThere(key, expected, seen -> store.in(TABLE).replace(key, seen.version(), (long) value));
    }

    @Operation
    public boolean delete(@Param(name = "key") int key, @Param(name = "value") int expected) {
        return ifThere(key, expected, seen -> store.in(TABLE).delete(key, seen.version()));
    }

    @Operation
    public @Nullable Long get(@Param(name = "key") int key) {
        return store.in(TABLE).getOrNull(key);
    }

    /** Looks again if the entry has changed, for then it may hold the same value in another version. */
    private boolean ifThere(int key, int expected, Predicate<Entry<Integer, Long>> change) {
        while (true) {
            Optional<Entry<Integer, Long>> seen = store.in(TABLE).entry(key);
            if (seen.isEmpty() || seen.get().value() != expected) {
                return false;
            }
            if (change.test(seen.get())) {
                return true;
            }
        }
    }

    /** What it is to be like. */
    public static final class Model {
        private final Map<Integer, Long> map = new HashMap<>();

        public @Nullable Long putIfAbsent(int key, int value) {
            return map.putIfAbsent(key, (long) value);
        }

        public boolean replace(int key, int expected, int value) {
            return map.replace(key, (long) expected, (long) value);
        }

        public boolean delete(int key, int expected) {
            return map.remove(key, (long) expected);
        }

        public @Nullable Long get(int key) {
            return map.get(key);
        }
    }

    @Test
    void versionsAreComparedAndSet() {
        Linearizable.check(LinearizableVersionsTest.class, Model.class);
    }
}
