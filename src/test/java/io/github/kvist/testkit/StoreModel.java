// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Entry;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Page;
import io.github.kvist.api.PageToken;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableReader;
import io.github.kvist.api.Version;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a store must hold, in plain sorted maps: people with an index of each kind, and counters without any. */
public final class StoreModel {

    /** Words of the text: the first is the owner, whom many may share; the second a badge, which nobody may; all are tags. */
    public record Person(String text) {
        public List<String> words() {
            return Arrays.asList(text.split(" "));
        }
    }

    public static final Index<Person, String> BY_OWNER =
            Index.of("by_owner", Keys.string(), person -> person.words().get(0));
    public static final Index<Person, String> BY_BADGE = Index.unique(
            "by_badge",
            Keys.string(),
            person -> person.words().size() > 1 ? person.words().get(1) : null);
    public static final Index<Person, String> BY_WORD = Index.multi("by_word", Keys.string(), Person::words);

    public static final Duration LIFETIME = Duration.ofMillis(90);
    public static final Table<String, Person> PEOPLE = Table.of("people", Keys.string(), Values.json(Person.class))
            .with(BY_OWNER)
            .with(BY_BADGE)
            .with(BY_WORD)
            .expiring(LIFETIME);
    public static final Table<Long, Long> COUNTERS = Table.of("counters", Keys.int64(), Values.int64());

    public record Item<V>(V value, Version version, long deadline) {
        @Nullable
        Instant expiresAt() {
            return deadline == Long.MAX_VALUE ? null : Instant.ofEpochMilli(deadline);
        }
    }

    public final NavigableMap<String, Item<Person>> people;
    public final NavigableMap<Long, Item<Long>> counters;

    /** Nothing yet. */
    public StoreModel() {
        this(new TreeMap<>(), new TreeMap<>());
    }

    private StoreModel(NavigableMap<String, Item<Person>> people, NavigableMap<Long, Item<Long>> counters) {
        this.people = people;
        this.counters = counters;
    }

    public StoreModel copy() {
        return new StoreModel(new TreeMap<>(people), new TreeMap<>(counters));
    }

    public void become(StoreModel other) {
        people.clear();
        people.putAll(other.people);
        counters.clear();
        counters.putAll(other.counters);
    }

    /** Time passes. */
    public void expire(long now) {
        people.values().removeIf(item -> item.deadline <= now);
        counters.values().removeIf(item -> item.deadline <= now);
    }

    /** Whether a badge is another's. */
    public boolean isTaken(String key, Person person) {
        String badge = BADGE.of(person);
        return badge != null
                && people.entrySet().stream()
                        .anyMatch(
                                entry -> !entry.getKey().equals(key) && badge.equals(BADGE.of(entry.getValue().value)));
    }

    private interface Badge {
        @Nullable
        String of(Person person);
    }

    private static final Badge BADGE =
            person -> person.words().size() > 1 ? person.words().get(1) : null;

    static long deadline(@Nullable Expiry expiry, Table<?, ?> table, long now) {
        return (expiry == null ? table.expiry() : expiry).deadline(now);
    }

    /** Everything that a reader can ask, in every way. */
    public void assertIs(ReadTransaction store) {
        assertSame(store.in(PEOPLE), people, "b");
        assertSame(store.in(COUNTERS), counters, 5L);
        assertIndexes(store.in(PEOPLE));
    }

    private static <K, V> void assertSame(TableReader<K, V> table, NavigableMap<K, Item<V>> model, K middle) {
        List<Entry<K, V>> expected = entries(model);
        assertThat(table.scan().toList()).isEqualTo(expected);
        assertThat(table.count()).isEqualTo(expected.size());
        assertThat(table.count(KeyRange.atLeast(middle)))
                .isEqualTo(model.tailMap(middle, true).size());
        assertThat(table.scan(KeyRange.lessThan(middle)).reverse().limit(3).keys())
                .isEqualTo(model.headMap(middle, false).descendingKeySet().stream()
                        .limit(3)
                        .toList());
        model.forEach((key, item) -> assertThat(table.getOrNull(key)).isEqualTo(item.value));
        assertThat(pages(table)).isEqualTo(expected);
    }

    private static <K, V> List<Entry<K, V>> entries(NavigableMap<K, Item<V>> model) {
        List<Entry<K, V>> entries = new ArrayList<>();
        model.forEach((key, item) -> entries.add(new Entry<>(key, item.value, item.version, item.expiresAt())));
        return entries;
    }

    private static <K, V> List<Entry<K, V>> pages(TableReader<K, V> table) {
        List<Entry<K, V>> all = new ArrayList<>();
        Page<K, V> page = table.scan().page(3);
        while (true) {
            all.addAll(page.entries());
            if (page.next().isEmpty()) {
                return all;
            }
            page = table.scan()
                    .after(PageToken.parse(page.next().orElseThrow().toString()))
                    .page(3);
        }
    }

    private void assertIndexes(TableReader<String, Person> table) {
        TreeMap<String, List<String>> byWord = new TreeMap<>();
        TreeMap<String, List<String>> byOwner = new TreeMap<>();
        people.forEach((key, item) -> {
            List<String> words = item.value.words();
            byOwner.computeIfAbsent(words.get(0), word -> new ArrayList<>()).add(key);
            new LinkedHashSet<>(words)
                    .forEach(word -> byWord.computeIfAbsent(word, each -> new ArrayList<>())
                            .add(key));
            String badge = BADGE.of(item.value);
            if (badge != null) {
                assertThat(table.by(BY_BADGE).one(badge)).contains(item.value);
            }
        });
        assertThat(table.by(BY_WORD).scan(KeyRange.all()).keys()).isEqualTo(flat(byWord));
        assertThat(table.by(BY_OWNER).scan(KeyRange.all()).keys()).isEqualTo(flat(byOwner));
        byOwner.forEach((owner, keys) -> {
            assertThat(table.by(BY_OWNER).eq(owner).keys()).isEqualTo(keys);
            assertThat(table.by(BY_OWNER).count(owner)).isEqualTo(keys.size());
            List<String> backwards = new ArrayList<>(keys);
            Collections.reverse(backwards);
            assertThat(table.by(BY_OWNER).eq(owner).reverse().keys()).isEqualTo(backwards);
        });
    }

    private static List<String> flat(Map<String, List<String>> lists) {
        return lists.values().stream().flatMap(List::stream).toList();
    }
}
