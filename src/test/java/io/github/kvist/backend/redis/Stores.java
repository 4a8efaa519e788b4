// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Address;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Short ways to a backend and what it holds. */
final class Stores {

    private Stores() {}

    static RedisBackend open(String uri) {
        return open(uri, Options.defaults());
    }

    static RedisBackend open(String uri, Options options) {
        return (RedisBackend) new RedisProvider().open(Address.parse(uri), options.durability(Durability.MEMORY));
    }

    static String newName() {
        return UUID.randomUUID().toString();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Operation.Put put(Keyspace keyspace, String key, String value) {
        return put(keyspace, key, value, Stored.NEVER);
    }

    static Operation.Put put(Keyspace keyspace, String key, String value, long deadline) {
        return new Operation.Put(keyspace, bytes(key), bytes(value), deadline);
    }

    static Operation.Delete delete(Keyspace keyspace, String key) {
        return new Operation.Delete(keyspace, bytes(key));
    }

    static Commit commit(Operation... operations) {
        return new Commit(List.of(), List.of(operations), Durability.MEMORY);
    }

    static String value(View view, Keyspace keyspace, String key) {
        return value(view.get(keyspace, bytes(key)));
    }

    static String value(Stored stored) {
        return stored == null
                ? "nothing"
                : new String(stored.array(), stored.offset(), stored.length(), StandardCharsets.UTF_8);
    }

    static List<String> keys(View view, Keyspace keyspace, boolean reverse) {
        List<String> keys = new ArrayList<>();
        try (EntryCursor entries = view.scan(keyspace, new byte[0], null, reverse)) {
            while (entries.advance()) {
                keys.add(new String(entries.key(), StandardCharsets.UTF_8));
            }
        }
        return keys;
    }
}
