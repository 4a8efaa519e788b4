// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.Index;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Tables to be moved, and writers to move them under. */
final class Samples {

    record Person(String name, String city) {}

    static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());
    static final Index<Person, String> BY_CITY = Index.of("by_city", Keys.string(), Person::city);
    static final Table<String, Person> PEOPLE =
            Table.of("people", Keys.string(), Values.json(Person.class)).with(BY_CITY);

    private static final int BATCH = 500;

    private Samples() {}

    /** Puts so many words, and people, each in a city of its own. */
    static void fill(KvStore store, int from, int to) {
        for (int start = from; start < to; start += BATCH) {
            int first = start;
            store.update(tx -> {
                for (int i = first; i < Math.min(to, first + BATCH); i++) {
                    tx.in(WORDS).put("word " + i, "value " + i);
                    tx.in(PEOPLE).put("name " + i, new Person("name " + i, "city " + i));
                }
            });
        }
    }

    /** Changes, adds and removes until told to stop. */
    static Thread churn(KvStore store, AtomicBoolean stop) {
        Thread writer = new Thread(
                () -> {
                    Random random = new Random(1);
                    while (!stop.get()) {
                        // As fast as an application writes, not as fast as it can.
                        LockSupport.parkNanos(200_000);
                        int i = random.nextInt(30_000);
                        store.update(tx -> {
                            tx.in(WORDS).put("word " + i, "new " + random.nextInt());
                            tx.in(WORDS).delete("word " + (i + 1));
                            tx.in(PEOPLE).put("name " + i, new Person("name " + i, "city " + random.nextInt(99)));
                        });
                    }
                },
                "writer");
        writer.start();
        return writer;
    }

    /** All that is in a store, with versions and deadlines. */
    static List<Map<String, Object>> contents(KvStore store) {
        return store.read(tx -> {
            Map<String, Object> words = new TreeMap<>();
            tx.in(WORDS).scan().forEach(entry -> words.put(entry.key(), entry));
            Map<String, Object> people = new TreeMap<>();
            tx.in(PEOPLE).scan().forEach(entry -> people.put(entry.key(), entry));
            Map<String, Object> byCity = new TreeMap<>();
            tx.in(PEOPLE)
                    .by(BY_CITY)
                    .scan(io.github.kvist.api.KeyRange.all())
                    .forEach(entry -> byCity.put(entry.value().city() + "/" + entry.key(), entry));
            return List.of(words, people, byCity);
        });
    }
}
