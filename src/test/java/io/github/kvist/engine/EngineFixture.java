// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Isolation;
import io.github.kvist.api.Options;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import io.github.kvist.testkit.HeapStorage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Words for tests of the engine: text for bytes, one keyspace unless another is named. */
final class EngineFixture {

    /** For work that blocks: the common pool has a single thread on two cores, and a second task would wait for the first. */
    static final Executor OWN_THREAD = command -> new Thread(command).start();

    final HeapStorage storage;
    final Engine engine;
    final Keyspace words;

    EngineFixture(HeapStorage storage) {
        this.storage = storage;
        this.engine = Engine.open(storage, Options.defaults());
        this.words = engine.keyspace("words");
    }

    static EngineFixture fresh() {
        return new EngineFixture(new HeapStorage());
    }

    EngineFixture afterCrash() {
        return new EngineFixture(storage.afterCrash());
    }

    void put(String key, String value) {
        put(key, value, Durability.SYNC);
    }

    void put(String key, String value, Durability durability) {
        engine.commit(new Commit(List.of(), List.of(putOf(key, value)), durability));
    }

    Operation putOf(String key, String value) {
        return new Operation.Put(words, bytes(key), bytes(value), Stored.NEVER);
    }

    @Nullable
    String get(String key) {
        try (View view = engine.view()) {
            return get(view, key);
        }
    }

    @Nullable
    String get(View view, String key) {
        return text(view.get(words, bytes(key)));
    }

    void put(Branch branch, String key, String value) {
        branch.put(words, bytes(key), bytes(value), Stored.NEVER);
    }

    Branch begin() {
        return engine.begin(TransactionOptions.defaults());
    }

    Branch begin(Isolation isolation) {
        return engine.begin(TransactionOptions.defaults().isolation(isolation));
    }

    Map<String, String> all(View view) {
        Map<String, String> found = new LinkedHashMap<>();
        try (EntryCursor cursor = view.scan(words, bytes(""), null, false)) {
            while (cursor.advance()) {
                found.put(
                        new String(cursor.key(), UTF_8),
                        new String(cursor.array(), cursor.offset(), cursor.length(), UTF_8));
            }
        }
        return found;
    }

    Map<String, String> all() {
        try (View view = engine.view()) {
            return all(view);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static @Nullable String text(@Nullable Stored stored) {
        return stored == null ? null : new String(stored.array(), stored.offset(), stored.length(), UTF_8);
    }
}
