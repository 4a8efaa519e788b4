// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static io.github.kvist.testkit.StoreModel.COUNTERS;
import static io.github.kvist.testkit.StoreModel.PEOPLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Expiry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Savepoint;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.Version;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.testkit.StoreModel.Item;
import io.github.kvist.testkit.StoreModel.Person;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Writes, drawn at random and done to a table and to its model alike. */
public final class StoreProgram {

    private static final String[] NAMES = {"", "a", "ab", "abc", "b", "ba", "c", "ü", "\u0000", "zz"};
    private static final String[] OWNERS = {"ann", "bob", "eve"};

    private final Random random;

    /** Draws from {@code random}. */
    public StoreProgram(Random random) {
        this.random = random;
    }

    /** One write; {@code now} is the instant by which it judges deadlines. */
    public void write(Writer in, StoreModel model, long now) {
        if (random.nextInt(3) > 0) {
            writeTo(in.in(PEOPLE), PEOPLE, model.people, name(), person(), model, now);
        } else {
            writeTo(in.in(COUNTERS), COUNTERS, model.counters, (long) random.nextInt(12), random.nextLong(), null, now);
        }
    }

    /** A store or a transaction. */
    public interface Writer {
        <K, V> TableWriter<K, V> in(Table<K, V> table);
    }

    /** Several writes with savepoints; what it leaves is what the transaction leaves. */
    public void transaction(WriteTransaction transaction, StoreModel model, long now) {
        List<Savepoint> savepoints = new ArrayList<>();
        List<StoreModel> states = new ArrayList<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    savepoints.add(transaction.savepoint());
                    states.add(model.copy());
                }
                case 1 -> {
                    if (!savepoints.isEmpty()) {
                        int to = random.nextInt(savepoints.size());
                        transaction.rollbackTo(savepoints.get(to));
                        model.become(states.get(to));
                        savepoints.subList(to + 1, savepoints.size()).clear();
                        states.subList(to + 1, states.size()).clear();
                    }
                }
                default -> write(transaction::in, model, now);
            }
        }
        if (random.nextInt(4) == 0) {
            model.assertIs(transaction);
        }
    }

    private String name() {
        return NAMES[random.nextInt(NAMES.length)];
    }

    private Person person() {
        String owner = OWNERS[random.nextInt(OWNERS.length)];
        return new Person(
                switch (random.nextInt(3)) {
                    case 0 -> owner;
                    case 1 -> owner + " badge" + random.nextInt(6);
                    default -> owner + " badge" + random.nextInt(40) + " bob bob " + owner;
                });
    }

    private @Nullable Expiry expiry(long now) {
        return switch (random.nextInt(5)) {
            case 0 -> Expiry.never();
            case 1 -> Expiry.at(Instant.ofEpochMilli(now + random.nextInt(200) - 50));
            case 2 -> Expiry.after(Duration.ofMillis(1 + random.nextInt(150)));
            default -> null;
        };
    }

    private <K, V> void writeTo(
            TableWriter<K, V> table,
            Table<K, V> definition,
            NavigableMap<K, Item<V>> model,
            K key,
            V value,
            @Nullable StoreModel unique,
            long now) {
        Item<V> before = model.get(key);
        Expiry expiry = expiry(now);
        long deadline = StoreModel.deadline(expiry, definition, now);
        boolean isTaken = deadline > now && unique != null && unique.isTaken((String) key, (Person) value);
        int kind = random.nextInt(12);
        boolean writes = kind < 2 || kind == 9 || (kind == 2 ? before == null : kind < 6 && before != null);
        if (isTaken && writes) {
            assertThatThrownBy(() -> put(table, kind, key, value, expiry, before))
                    .isInstanceOf(KvException.UniqueViolation.class);
            return;
        }
        switch (kind) {
            case 0, 1, 9 -> {
                put(table, kind, key, value, expiry, before);
                written(table, model, key, value, deadline, now);
            }
            case 2 -> {
                Optional<V> present =
                        expiry == null ? table.putIfAbsent(key, value) : table.putIfAbsent(key, value, expiry);
                assertThat(present).isEqualTo(Optional.ofNullable(before).map(Item::value));
                if (before == null) {
                    written(table, model, key, value, deadline, now);
                }
            }
            case 3, 4, 5 -> {
                Version stale = Version.of(Long.MAX_VALUE - random.nextInt(9));
                assertThat(table.replace(key, stale, value)).isFalse();
                if (before != null) {
                    put(table, kind, key, value, expiry, before);
                    written(table, model, key, value, deadline, now);
                }
            }
            case 6 -> {
                Expiry later = expiry == null ? Expiry.never() : expiry;
                assertThat(table.touch(key, later)).isEqualTo(before != null);
                if (before != null) {
                    keep(model, key, new Item<>(before.value(), before.version(), later.deadline(now)), now);
                }
            }
            case 7 -> assertThat(table.delete(key)).isEqualTo(model.remove(key) != null);
            case 8 -> {
                Version version = before == null
                        ? Version.of(7)
                        : Version.parse(before.version().toString());
                assertThat(table.delete(key, version)).isEqualTo(model.remove(key) != null);
            }
            case 10 -> {
                K end = model.isEmpty() ? key : model.lastKey();
                if (definition.keys().order().compare(key, end) <= 0) {
                    NavigableMap<K, Item<V>> inside = model.subMap(key, true, end, false);
                    assertThat(table.deleteRange(KeyRange.closedOpen(key, end))).isEqualTo(inside.size());
                    inside.clear();
                }
            }
            default -> {
                if (random.nextInt(8) == 0) {
                    table.clear();
                    model.clear();
                } else {
                    assertThat(table.compute(key, present -> null)).isNull();
                    model.remove(key);
                }
            }
        }
    }

    /** Each way of writing a value. */
    private <K, V> void put(
            TableWriter<K, V> table, int kind, K key, V value, @Nullable Expiry expiry, @Nullable Item<V> before) {
        if (kind == 9 && expiry == null) {
            assertThat(table.compute(key, present -> {
                        assertThat(present).isEqualTo(before == null ? null : before.value());
                        return value;
                    }))
                    .isEqualTo(value);
        } else if (kind == 2) {
            assertThat(expiry == null ? table.putIfAbsent(key, value) : table.putIfAbsent(key, value, expiry))
                    .isEmpty();
        } else if (kind >= 3 && kind < 6 && before != null) {
            assertThat(
                            expiry == null
                                    ? table.replace(key, before.version(), value)
                                    : table.replace(key, before.version(), value, expiry))
                    .isTrue();
        } else if (expiry != null) {
            table.put(key, value, expiry);
        } else if (kind == 1) {
            table.putAll(Map.of(key, value));
        } else {
            table.put(key, value);
        }
    }

    private static <K, V> void written(
            TableWriter<K, V> table, NavigableMap<K, Item<V>> model, K key, V value, long deadline, long now) {
        model.remove(key);
        if (deadline > now) {
            Version version = table.entry(key).orElseThrow().version();
            assertThat(model.values()).extracting(Item::version).doesNotContain(version);
            model.put(key, new Item<>(value, version, deadline));
        }
    }

    private static <K, V> void keep(NavigableMap<K, Item<V>> model, K key, Item<V> item, long now) {
        if (item.deadline() > now) {
            model.put(key, item);
        } else {
            model.remove(key);
        }
    }
}
