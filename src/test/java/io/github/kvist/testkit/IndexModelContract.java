// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Entry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.TableReader;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.WriteTransaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After any operations a table and its indexes are what a sorted map and a search through all of it say. */
@Needs(Capability.MULTI_KEY_TRANSACTIONS)
abstract class IndexModelContract extends StoreContract {

    private static final List<String> NAMES = List.of("", "a", "a\0", "ab", "b", "\0", "\u0001", "c", "d", "e");
    private static final List<String> CITIES = List.of("", "x", "x\0", "xy", "y", "\u0001");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void tableAndIndexesEqualTheirModel(long seed) {
        Random random = new Random(seed);
        TreeMap<String, Person> model = new TreeMap<>();
        for (int round = 0; round < 25; round++) {
            model = random.nextBoolean() ? inOneTransaction(random, model) : oneByOne(random, model);
            requireSame(store.in(PEOPLE), model);
            if (round == 12) {
                reopen();
            }
        }
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    private TreeMap<String, Person> oneByOne(Random random, TreeMap<String, Person> model) {
        for (int i = 0; i < 5; i++) {
            step(random, store.in(PEOPLE), model);
        }
        return model;
    }

    private TreeMap<String, Person> inOneTransaction(Random random, TreeMap<String, Person> before) {
        TreeMap<String, Person> model = new TreeMap<>(before);
        try (WriteTransaction tx = store.begin()) {
            TableWriter<String, Person> people = tx.in(PEOPLE);
            for (int i = 0; i < 10; i++) {
                step(random, people, model);
                if (random.nextInt(4) == 0) {
                    TreeMap<String, Person> kept = new TreeMap<>(model);
                    var savepoint = tx.savepoint();
                    step(random, people, model);
                    step(random, people, model);
                    tx.rollbackTo(savepoint);
                    model = kept;
                }
            }
            requireSame(people, model);
            if (random.nextInt(3) == 0) {
                return before;
            }
            tx.commit();
        }
        return model;
    }

    private static void step(Random random, TableWriter<String, Person> people, TreeMap<String, Person> model) {
        String name = one(random, NAMES);
        Person person = person(random, name);
        TreeMap<String, Person> after = new TreeMap<>(model);
        boolean refused = false;
        try {
            apply(random.nextInt(9), random, people, after, name, person);
        } catch (KvException.UniqueViolation violation) {
            refused = true;
        }
        assertThat(refused).as("refused for a shared key").isEqualTo(hasTwins(after));
        if (!refused) {
            model.clear();
            model.putAll(after);
        }
    }

    /** Changes the model first, so that it is what would be had the store not refused. */
    private static void apply(
            int operation,
            Random random,
            TableWriter<String, Person> people,
            TreeMap<String, Person> after,
            String name,
            Person person) {
        switch (operation) {
            case 0 -> {
                Person present = after.remove(name);
                assertThat(people.delete(name)).isEqualTo(present != null);
            }
            case 1 -> {
                String end = one(random, NAMES);
                KeyRange<String> range = KeyRange.closedOpen(min(name, end), max(name, end));
                int size = after.subMap(min(name, end), max(name, end)).size();
                after.subMap(min(name, end), max(name, end)).clear();
                assertThat(people.deleteRange(range)).isEqualTo(size);
            }
            case 2 -> {
                Person present = after.putIfAbsent(name, person);
                assertThat(people.putIfAbsent(name, person).orElse(null)).isEqualTo(present);
            }
            case 3 -> {
                String other = one(random, NAMES);
                Map<String, Person> both = new TreeMap<>(Map.of(name, person));
                both.put(other, person(random, other));
                after.putAll(both);
                people.putAll(both);
            }
            case 4 -> {
                after.compute(name, (key, old) -> old == null ? person : null);
                people.compute(name, old -> old == null ? person : null);
            }
            case 5 -> {
                Entry<String, Person> entry = people.entry(name).orElse(null);
                if (entry != null) {
                    after.put(name, person);
                    assertThat(people.replace(name, entry.version(), person)).isTrue();
                }
            }
            default -> {
                after.put(name, person);
                people.put(name, person);
            }
        }
    }

    private static boolean hasTwins(TreeMap<String, Person> people) {
        Set<String> emails = new HashSet<>();
        return people.values().stream()
                .map(Person::email)
                .filter(Objects::nonNull)
                .anyMatch(email -> !emails.add(email));
    }

    private static Person person(Random random, String name) {
        List<String> tags = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            tags.add(one(random, CITIES));
        }
        String city = random.nextInt(4) == 0 ? null : one(random, CITIES);
        String email = random.nextInt(2) == 0 ? null : one(random, CITIES);
        return new Person(name, city, email, tags);
    }

    private static void requireSame(TableReader<String, Person> people, TreeMap<String, Person> model) {
        assertThat(people.scan().keys()).containsExactlyElementsOf(model.keySet());
        assertThat(people.scan().values()).containsExactlyElementsOf(model.values());
        assertThat(people.count()).isEqualTo(model.size());
        long tags = model.values().stream()
                .mapToLong(person -> new HashSet<>(person.tags()).size())
                .sum();
        assertThat(people.by(BY_TAG).count(KeyRange.all())).isEqualTo(tags);
        for (String city : CITIES) {
            requireSame(people.by(BY_CITY).eq(city).keys(), model, person -> city.equals(person.city()));
            requireSame(people.by(BY_EMAIL).eq(city).keys(), model, person -> city.equals(person.email()));
            requireSame(
                    people.by(BY_TAG).eq(city).keys(),
                    model,
                    person -> person.tags().contains(city));
            assertThat(people.by(BY_CITY).count(KeyRange.atLeast(city)))
                    .isEqualTo(model.values().stream()
                            .filter(person ->
                                    person.city() != null && person.city().compareTo(city) >= 0)
                            .count());
        }
    }

    private static void requireSame(List<String> keys, TreeMap<String, Person> model, Predicate<Person> inside) {
        assertThat(keys)
                .containsExactlyElementsOf(
                        model.values().stream().filter(inside).map(Person::name).toList());
    }

    private static String one(Random random, List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static String min(String a, String b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static String max(String a, String b) {
        return a.compareTo(b) < 0 ? b : a;
    }
}
