// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.Kvist;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Pair;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** What a program left behind, whose tables the command has never heard of. docs/cli.md shows its definitions. */
final class SampleStore {
    record Person(String name, String city) {}

    record Order(String customer, int total) {}

    static final Table<String, Person> PEOPLE = Table.of("people", Keys.string(), Values.json(Person.class));
    static final Index<Order, String> BY_CUSTOMER = Index.of("by_customer", Keys.string(), Order::customer);
    static final Table<Long, Order> ORDERS =
            Table.of("orders", Keys.int64(), Values.json(Order.class)).with(BY_CUSTOMER);
    static final Table<Pair<String, Integer>, String> VISITS =
            Table.of("visits", Keys.tuple(Keys.string(), Keys.int32()), Values.string());

    /** Beside them, what is not easily shown. */
    static final Table<byte[], byte[]> BLOBS = Table.of("blobs", Keys.bytes(), Values.bytes());

    static final Table<TimeUnit, Long> UNITS = Table.of("units", Keys.enumOf(TimeUnit.class), Values.int64());
    static final Table<String, Integer> SECRETS = Table.of(
            "secrets",
            Keys.string(),
            Values.of(
                    "rot13",
                    number -> number.toString().getBytes(StandardCharsets.UTF_8),
                    bytes -> Integer.valueOf(new String(bytes, StandardCharsets.UTF_8))));

    private SampleStore() {}

    /** Three tables, in three commits. */
    static void write(Path directory) {
        try (KvStore store = Kvist.open(directory)) {
            store.update(tx -> {
                tx.in(PEOPLE).put("ann", new Person("Ann", "Oslo"));
                tx.in(PEOPLE).put("anton", new Person("Anton", "Bergen"));
                tx.in(PEOPLE).put("bob", new Person("Bob", "Oslo"), Expiry.at(Instant.parse("2040-01-01T00:00:00Z")));
            });
            store.update(tx -> {
                tx.in(ORDERS).put(4711L, new Order("ann", 120));
                tx.in(ORDERS).put(4712L, new Order("bob", 80));
            });
            store.update(tx -> {
                tx.in(VISITS).put(new Pair<>("ann", 1), "front door");
                tx.in(VISITS).put(new Pair<>("ann", 2), "window");
                tx.in(VISITS).put(new Pair<>("bob", 1), "chimney");
            });
        }
    }

    /** Three more tables. */
    static void writeStrangeOnes(Path directory) {
        try (KvStore store = Kvist.open(directory)) {
            store.update(tx -> {
                tx.in(BLOBS).put(new byte[] {0, (byte) 0xFF}, new byte[] {1, 2, 3});
                tx.in(UNITS).put(TimeUnit.MILLISECONDS, 1_000_000L);
                tx.in(SECRETS).put("answer", 42);
            });
        }
    }
}
