// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.recipes;

import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Pair;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.PairKeys;
import io.github.kvist.codec.Values;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/** Data that is loaded whole, replaced whole, and looked up in between. Safe for any number of threads. */
final class Lookup {

    static final PairKeys<Long, String> IN_GENERATION = Keys.tuple(Keys.int64(), Keys.string());

    static final Table<Pair<Long, String>, String> ROWS = Table.of("rows", IN_GENERATION, Values.string());

    /** Which generation is served, and the last one that a load has taken. */
    static final Table<String, Long> GENERATIONS = Table.of("generations", Keys.string(), Values.int64());

    private static final String SERVED = "served";
    private static final String TAKEN = "taken";
    private static final int BATCH = 10_000;

    private final KvStore store;

    Lookup(KvStore store) {
        this.store = store;
    }

    Optional<String> find(String key) {
        return store.read(tx -> row(tx, key));
    }

    /** What there is of {@code keys}, all from one generation. */
    Map<String, String> findAll(Collection<String> keys) {
        return store.read(tx -> {
            Map<String, String> found = new HashMap<>();
            for (String key : keys) {
                row(tx, key).ifPresent(row -> found.put(key, row));
            }
            return found;
        });
    }

    private static Optional<String> row(ReadTransaction tx, String key) {
        return served(tx).flatMap(generation -> tx.in(ROWS).get(new Pair<>(generation, key)));
    }

    private static Optional<Long> served(ReadTransaction tx) {
        return tx.in(GENERATIONS).get(SERVED);
    }

    /** Loads a new generation beside the one that is served, then swaps. False if a load that began later was faster. */
    boolean load(Iterator<Map.Entry<String, String>> source) {
        long mine = store.in(GENERATIONS).compute(TAKEN, last -> last == null ? 1 : last + 1);
        while (source.hasNext()) {
            store.in(ROWS).putAll(nextBatch(mine, source));
        }
        boolean isNewest = serve(mine);
        store.in(ROWS).deleteRange(isNewest ? before(mine) : IN_GENERATION.startingWith(mine));
        return isNewest;
    }

    private boolean serve(long generation) {
        return store.write(tx -> {
            if (served(tx).orElse(0L) > generation) {
                return false;
            }
            tx.in(GENERATIONS).put(SERVED, generation);
            return true;
        });
    }

    private static Map<Pair<Long, String>, String> nextBatch(
            long generation, Iterator<Map.Entry<String, String>> source) {
        Map<Pair<Long, String>, String> batch = new HashMap<>();
        while (source.hasNext() && batch.size() < BATCH) {
            Map.Entry<String, String> row = source.next();
            batch.put(new Pair<>(generation, row.getKey()), row.getValue());
        }
        return batch;
    }

    private static KeyRange<Pair<Long, String>> before(long generation) {
        return KeyRange.lessThan(new Pair<>(generation, ""));
    }
}
