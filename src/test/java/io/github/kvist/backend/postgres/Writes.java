// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.kvist.api.Durability;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Short words for what tests do at the seam. */
final class Writes {

    private Writes() {}

    static Operation.Put put(Backend backend, String keyspace, String key) {
        return new Operation.Put(backend.keyspace(keyspace), key.getBytes(UTF_8), new byte[] {'v'}, Stored.NEVER);
    }

    static long put(Backend backend, String keyspace, String key, String value) {
        Operation put =
                new Operation.Put(backend.keyspace(keyspace), key.getBytes(UTF_8), value.getBytes(UTF_8), Stored.NEVER);
        return backend.commit(new Commit(List.of(), List.of(put), Durability.SYNC));
    }

    /** Puts a key that is not there. */
    static long putIfAbsent(Backend backend, String keyspace, String key) {
        Condition absent = new Condition(backend.keyspace(keyspace), key.getBytes(UTF_8), Condition.ABSENT);
        return backend.commit(new Commit(List.of(absent), List.of(put(backend, keyspace, key)), Durability.SYNC));
    }

    static @Nullable String get(Backend backend, String keyspace, String key) {
        Stored stored = backend.get(backend.keyspace(keyspace), key.getBytes(UTF_8));
        return stored == null ? null : new String(stored.array(), stored.offset(), stored.length(), UTF_8);
    }
}
