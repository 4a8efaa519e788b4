// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Entry;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableReader;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.Version;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.HeapStorage;
import io.github.kvist.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * After any program of writes, transactions, sweeps, reopenings and moves of the clock, back and forth, a table equals a sorted
 * map from which everything is removed that is due at the latest instant at which anybody looked.
 */
class ExpiryModelTest {

    private static final Index<String, String> BY_VALUE = Index.of("by_value", Keys.string(), value -> value);
    private static final Duration DEFAULT = Duration.ofMillis(60);
    private static final Table<String, String> TABLE =
            Table.of("table", Keys.string(), Values.string()).with(BY_VALUE).expiring(DEFAULT);
    private static final Table<String, String> PLAIN = Table.of("plain", Keys.string(), Values.string());

    /** Keeps a deadline in the store, so that every view looks at the clock, as the model does. */
    private static final Table<String, String> PROBE = Table.of("probe", Keys.string(), Values.string());

    private static final Duration FAR = Duration.ofDays(365);

    private Random random = new Random();
    private SettableClock clock = new SettableClock(Instant.EPOCH);
    private HeapStorage storage = new HeapStorage();
    private KvStore store;
    private long now;

    private Map<Table<String, String>, TreeMap<String, Item>> models = Map.of();

    private record Item(String value, Version version, long deadline) {
        Entry<String, String> entry(String key) {
            return new Entry<>(key, value, version, deadline == Long.MAX_VALUE ? null : Instant.ofEpochMilli(deadline));
        }
    }

    @Property(tries = 150)
    void aTableEqualsASortedMapFromWhichTimeRemoves(@ForAll long seed) {
        random = new Random(seed);
        clock = new SettableClock(Instant.ofEpochMilli(1_000_000));
        storage = new HeapStorage();
        models = Map.of(TABLE, new TreeMap<>(), PLAIN, new TreeMap<>());
        open();
        for (int step = 0; step < 60; step++) {
            Table<String, String> table = random.nextBoolean() ? TABLE : PLAIN;
            switch (random.nextInt(8)) {
                case 0, 1 -> moveClock();
                case 2 -> transaction(table);
                case 3 -> store.admin().sweep();
                case 4 -> {
                    if (random.nextInt(4) == 0) {
                        reopen();
                    }
                }
                default -> write(store.in(table), models.get(table), table);
            }
            tick();
            models.forEach((each, model) -> assertSame(store.in(each), model));
        }
        assertThat(store.admin().verify().findings()).isEmpty();
        store.close();
    }

    private void open() {
        store = Kvist.open(storage, Options.defaults().clock(clock));
        store.in(PROBE).put("probe", "", Expiry.after(FAR));
        now = store.in(PROBE).entry("probe").orElseThrow().expiresAt().toEpochMilli() - FAR.toMillis();
    }

    private void reopen() {
        store.close();
        clock.move(Duration.ofMillis(random.nextInt(200) - 100));
        storage = storage.afterCrash();
        open();
        models.values().forEach(this::expire);
    }

    private void moveClock() {
        clock.move(Duration.ofMillis(random.nextInt(160) - 60));
        tick();
        assertThat(store.in(PLAIN).count()).isEqualTo(models.get(PLAIN).size()); // somebody looked
    }

    private void tick() {
        now = Math.max(now, clock.millis());
        models.values().forEach(this::expire);
    }

    private void expire(TreeMap<String, Item> model) {
        model.values().removeIf(item -> item.deadline <= now);
    }

    private void transaction(Table<String, String> table) {
        tick();
        TreeMap<String, Item> model = models.get(table);
        TreeMap<String, Item> changed = new TreeMap<>(model);
        try (WriteTransaction transaction = store.begin()) {
            for (int i = 0; i < 4; i++) {
                if (random.nextInt(3) == 0) {
                    clock.move(Duration.ofMillis(random.nextInt(80)));
                }
                write(transaction.in(table), changed, table);
                assertSame(transaction.in(table), changed);
            }
            if (random.nextInt(3) > 0) {
                transaction.commit();
                model.clear();
                model.putAll(changed);
            }
        } catch (io.github.kvist.api.KvException.Conflict swept) {
            // The store swept by itself what this had seen alive.
            assertThat(clock.millis()).isGreaterThan(now);
        }
    }

    private void write(TableWriter<String, String> table, TreeMap<String, Item> model, Table<String, String> of) {
        String key = "k" + random.nextInt(12);
        String value = "v" + random.nextInt(4);
        Item before = model.get(key);
        Expiry expiry = expiry();
        switch (random.nextInt(9)) {
            case 0 -> {
                table.put(key, value);
                put(table, model, key, value, of.expiry());
            }
            case 1 -> {
                assertThat(table.putIfAbsent(key, value, expiry).isEmpty()).isEqualTo(before == null);
                if (before == null) {
                    put(table, model, key, value, expiry);
                }
            }
            case 2 -> {
                Version expected = before == null ? Version.of(3) : before.version;
                assertThat(table.replace(key, expected, value, expiry)).isEqualTo(before != null);
                if (before != null) {
                    put(table, model, key, value, expiry);
                }
            }
            case 3, 4 -> {
                assertThat(table.touch(key, expiry)).isEqualTo(before != null);
                if (before != null) {
                    model.put(key, new Item(before.value, before.version, expiry.deadline(now)));
                    expire(model);
                }
            }
            case 5 -> assertThat(table.delete(key)).isEqualTo(model.remove(key) != null);
            case 6 -> {
                KeyRange<String> range = KeyRange.closedOpen("k1", key.equals("k0") ? "k1" : key + "0");
                Map<String, Item> inside = model.subMap("k1", key.equals("k0") ? "k1" : key + "0");
                assertThat(table.deleteRange(range)).isEqualTo(inside.size());
                inside.clear();
            }
            default -> {
                table.put(key, value, expiry);
                put(table, model, key, value, expiry);
            }
        }
    }

    private void put(
            TableReader<String, String> table, TreeMap<String, Item> model, String key, String value, Expiry expiry) {
        long deadline = expiry.deadline(now);
        model.remove(key);
        if (deadline > now) {
            Version version = table.entry(key).orElseThrow().version();
            assertThat(model.values()).extracting(Item::version).doesNotContain(version);
            model.put(key, new Item(value, version, deadline));
        }
    }

    private Expiry expiry() {
        return switch (random.nextInt(4)) {
            case 0 -> Expiry.never();
            case 1 -> Expiry.at(Instant.ofEpochMilli(now + random.nextInt(200) - 50));
            default -> Expiry.after(Duration.ofMillis(1 + random.nextInt(150)));
        };
    }

    private static void assertSame(TableReader<String, String> table, TreeMap<String, Item> model) {
        List<Entry<String, String>> expected = new ArrayList<>();
        model.forEach((key, item) -> expected.add(item.entry(key)));
        assertThat(table.scan().toList()).isEqualTo(expected);
        assertThat(table.count()).isEqualTo(expected.size());
        assertThat(table.count(KeyRange.atLeast("k5")))
                .isEqualTo(model.tailMap("k5").size());
        for (int i = 0; i < 12; i++) {
            Item item = model.get("k" + i);
            assertThat(table.getOrNull("k" + i)).isEqualTo(item == null ? null : item.value);
        }
        try {
            table.by(BY_VALUE);
        } catch (IllegalArgumentException notIndexed) {
            return;
        }
        assertThat(table.by(BY_VALUE).scan(KeyRange.all()).toList()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(table.by(BY_VALUE).count("v1"))
                .isEqualTo(model.values().stream()
                        .filter(item -> item.value.equals("v1"))
                        .count());
    }
}
