// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Cursor;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Index;
import io.github.kvist.api.IndexReader;
import io.github.kvist.api.Isolation;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Pair;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.PairKeys;
import io.github.kvist.codec.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Finding records by what is in them. */
@Needs(Capability.MULTI_KEY_TRANSACTIONS)
abstract class IndexesContract extends StoreContract {

    @Test
    void recordsAreFoundByTheirIndexKey() {
        put(Person.of("bob", "Oslo"));
        put(Person.of("ann", "Oslo"));
        put(Person.of("cid", "Bergen"));
        put(Person.of("dot", null));

        IndexReader<String, Person, String> byCity = store.in(PEOPLE).by(BY_CITY);
        assertThat(byCity.eq("Oslo").keys()).containsExactly("ann", "bob");
        assertThat(byCity.eq("Oslo").values()).extracting(Person::name).containsExactly("ann", "bob");
        assertThat(byCity.eq("Osl").keys()).isEmpty();
        assertThat(byCity.scan(KeyRange.all()).keys()).containsExactly("cid", "ann", "bob");
        assertThat(byCity.scan(KeyRange.all()).reverse().keys()).containsExactly("bob", "ann", "cid");
        assertThat(byCity.count("Oslo")).isEqualTo(2);
        assertThat(byCity.count(KeyRange.lessThan("Oslo"))).isEqualTo(1);
        assertThat(byCity.count(KeyRange.all())).isEqualTo(3);
    }

    @Test
    void entriesOfAnIndexScanAreTheRecords() {
        put(Person.of("ann", "Oslo"));

        assertThat(store.in(PEOPLE).by(BY_CITY).eq("Oslo").toList())
                .containsExactly(store.in(PEOPLE).entry("ann").orElseThrow());
    }

    @Test
    void changedRecordMovesInTheIndexAndADeletedOneLeavesIt() {
        put(Person.of("ann", "Oslo", "x", "y"));

        put(Person.of("ann", "Bergen", "y", "z"));

        assertThat(store.in(PEOPLE).by(BY_CITY).scan(KeyRange.all()).keys()).hasSize(1);
        assertThat(store.in(PEOPLE).by(BY_CITY).eq("Bergen").keys()).containsExactly("ann");
        assertThat(store.in(PEOPLE).by(BY_TAG).count("x")).isZero();
        assertThat(store.in(PEOPLE).by(BY_TAG).count(KeyRange.all())).isEqualTo(2);

        store.in(PEOPLE).delete("ann");
        assertThat(store.in(PEOPLE).by(BY_CITY).count(KeyRange.all())).isZero();
        assertThat(store.in(PEOPLE).by(BY_TAG).count(KeyRange.all())).isZero();
    }

    @Test
    void multiIndexShowsARecordOncePerKeyAndEqualKeysOnce() {
        put(Person.of("ann", null, "x", "y", "x"));
        put(Person.of("bob", null, "y"));
        put(Person.of("cid", null));

        IndexReader<String, Person, String> byTag = store.in(PEOPLE).by(BY_TAG);
        assertThat(byTag.eq("x").keys()).containsExactly("ann");
        assertThat(byTag.scan(KeyRange.all()).keys()).containsExactly("ann", "ann", "bob");
        assertThat(byTag.scan(KeyRange.all()).reverse().keys()).containsExactly("bob", "ann", "ann");
        assertThat(byTag.count(KeyRange.all())).isEqualTo(3);
    }

    @Test
    void indexKeyThatIsAPrefixOfAnotherIsNotMistakenForIt() {
        List<String> cities = List.of("", "a", "a\0", "a\0b", "a\u0001", "ab", "\u0001", "\0");
        for (String city : cities) {
            put(Person.of("p" + city, city));
            put(Person.of("\0" + city, city));
        }

        for (String city : cities) {
            assertThat(store.in(PEOPLE).by(BY_CITY).eq(city).keys()).containsExactly("\0" + city, "p" + city);
            assertThat(store.in(PEOPLE).by(BY_CITY).count(KeyRange.prefix(city)))
                    .isEqualTo(2
                            * cities.stream()
                                    .filter(other -> other.startsWith(city))
                                    .count());
        }
    }

    @Test
    void tupleIndexIsFoundByItsFirstComponent() {
        PairKeys<String, Integer> keys = Keys.tuple(Keys.string(), Keys.int32());
        Index<Person, Pair<String, Integer>> byCityAndTags = Index.of(
                "by_city_and_tags",
                keys,
                person -> person.city() == null
                        ? null
                        : new Pair<>(person.city(), person.tags().size()));
        Table<String, Person> table =
                Table.of("tuples", Keys.string(), Values.json(Person.class)).with(byCityAndTags);
        store.in(table).put("ann", Person.of("ann", "Oslo", "x", "y"));
        store.in(table).put("bob", Person.of("bob", "Oslo"));
        store.in(table).put("cid", Person.of("cid", "Os"));

        assertThat(store.in(table)
                        .by(byCityAndTags)
                        .scan(keys.startingWith("Oslo"))
                        .keys())
                .containsExactly("bob", "ann");
        assertThat(store.in(table).by(byCityAndTags).eq(new Pair<>("Oslo", 2)).keys())
                .containsExactly("ann");
    }

    @Test
    void boundsOfAFixedSizeIndexAreExact() {
        Index<Long, Long> byRemainder = Index.of("by_remainder", Keys.int64(), value -> value % 3);
        Table<Long, Long> table =
                Table.of("numbers", Keys.int64(), Values.int64()).with(byRemainder);
        for (long i = -9; i < 9; i++) {
            store.in(table).put(i, i);
        }

        IndexReader<Long, Long, Long> reader = store.in(table).by(byRemainder);
        for (long end = -3; end <= 3; end++) {
            long bound = end;
            assertThat(reader.scan(KeyRange.greaterThan(bound)).values()).allMatch(value -> value % 3 > bound);
            assertThat(reader.count(KeyRange.greaterThan(bound)) + reader.count(KeyRange.atMost(bound)))
                    .isEqualTo(18);
            assertThat(reader.count(KeyRange.atLeast(bound)) + reader.count(KeyRange.lessThan(bound)))
                    .isEqualTo(18);
            assertThat(reader.count(KeyRange.open(bound, bound))).isZero();
            assertThat(reader.eq(bound).values()).allMatch(value -> value % 3 == bound);
        }
        assertThat(reader.count(KeyRange.greaterThan(Long.MAX_VALUE))).isZero();
    }

    @Test
    void indexOfASuperclassServes() {
        Index<Object, String> byText = Index.of("by_text", Keys.string(), Object::toString);
        Table<String, Long> table =
                Table.of("longs", Keys.string(), Values.int64()).with(byText);
        store.in(table).put("a", 7L);

        assertThat(store.in(table).by(byText).eq("7").values()).containsExactly(7L);
    }

    @Test
    void indexesDoNotMixWhateverTheirNames() {
        Index<String, String> one = Index.of("b/c", Keys.string(), value -> value);
        Index<String, String> other = Index.of("c", Keys.string(), value -> value);
        Table<String, String> first =
                Table.of("a", Keys.string(), Values.string()).with(one);
        Table<String, String> second =
                Table.of("a/b", Keys.string(), Values.string()).with(other);

        store.in(first).put("k", "1");
        store.in(second).put("k", "2");

        assertThat(store.in(first).by(one).scan(KeyRange.all()).values()).containsExactly("1");
        assertThat(store.in(second).by(other).scan(KeyRange.all()).values()).containsExactly("2");
    }

    @Test
    void indexThatTheTableWasNotDefinedWithIsRefused() {
        Index<Person, String> other = Index.of("by_name", Keys.string(), Person::name);
        Index<Person, String> otherKind = Index.unique("by_city", Keys.string(), Person::city);

        for (Index<Person, String> stranger : List.of(other, otherKind, BY_CITY.revised(1))) {
            assertThatThrownBy(() -> store.in(PEOPLE).by(stranger))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(stranger.name());
        }
    }

    @Test
    void oneIsForUniqueIndexes() {
        put(Person.of("ann", "Oslo").withEmail("a@x"));

        assertThat(store.in(PEOPLE).by(BY_EMAIL).one("a@x")).map(Person::name).contains("ann");
        assertThat(store.in(PEOPLE).by(BY_EMAIL).one("b@x")).isEmpty();
        assertThatThrownBy(() -> store.in(PEOPLE).by(BY_CITY).one("Oslo")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void secondOwnerOfAUniqueKeyIsRefusedAndTheTransactionGoesOn() {
        put(Person.of("ann", "Oslo").withEmail("CANARY"));

        store.update(tx -> {
            TableWriter<String, Person> people = tx.in(PEOPLE);
            assertThatThrownBy(() ->
                            people.put("bob", Person.of("bob", "Bergen", "t").withEmail("CANARY")))
                    .isInstanceOf(KvException.UniqueViolation.class)
                    .hasMessageContaining("people")
                    .hasMessageContaining("by_email")
                    .hasMessageNotContaining("CANARY");
            assertThat(people.contains("bob")).isFalse();
            assertThat(people.by(BY_CITY).count("Bergen")).isZero();
            assertThat(people.by(BY_TAG).count("t")).isZero();
            people.put("bob", Person.of("bob", "Bergen").withEmail("b@x"));
        });

        assertThat(store.in(PEOPLE).by(BY_EMAIL).count(KeyRange.all())).isEqualTo(2);
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void everyWritingOperationChecksUniqueKeys() {
        put(Person.of("ann", null).withEmail("a@x"));
        put(Person.of("bob", null).withEmail("b@x"));
        Person thief = Person.of("bob", null).withEmail("a@x");
        TableWriter<String, Person> people = store.in(PEOPLE);

        for (Runnable call : List.<Runnable>of(
                () -> people.put("bob", thief),
                () -> people.putIfAbsent("cid", thief),
                () -> people.replace("bob", people.entry("bob").orElseThrow().version(), thief),
                () -> people.compute("bob", old -> thief),
                () -> people.putAll(Map.of("aaa", Person.of("aaa", "Oslo"), "bob", thief)))) {
            assertThatThrownBy(call::run).isInstanceOf(KvException.UniqueViolation.class);
        }
        assertThat(people.count()).isEqualTo(2);
        assertThat(people.by(BY_CITY).count(KeyRange.all())).isZero();
    }

    @Test
    void ownKeyCanBeKept() {
        put(Person.of("ann", "Oslo").withEmail("a@x"));
        put(Person.of("ann", "Bergen").withEmail("a@x"));
        put(Person.of("ann", "Bergen").withEmail("a@x"));

        assertThat(store.in(PEOPLE).by(BY_EMAIL).one("a@x")).map(Person::city).contains("Bergen");
    }

    @Test
    void swapOfUniqueKeysWorksByDeletingFirst() {
        put(Person.of("ann", null).withEmail("a@x"));
        put(Person.of("bob", null).withEmail("b@x"));

        store.update(tx -> {
            TableWriter<String, Person> people = tx.in(PEOPLE);
            people.delete("ann");
            people.put("bob", Person.of("bob", null).withEmail("a@x"));
            people.put("ann", Person.of("ann", null).withEmail("b@x"));
        });

        assertThat(store.in(PEOPLE).by(BY_EMAIL).one("a@x")).map(Person::name).contains("bob");
    }

    @Test
    void putAllMaySwapUniqueKeysButNotShareThem() {
        put(Person.of("ann", null).withEmail("a@x"));
        put(Person.of("bob", null).withEmail("b@x"));

        store.in(PEOPLE)
                .putAll(Map.of(
                        "ann", Person.of("ann", null).withEmail("b@x"),
                        "bob", Person.of("bob", null).withEmail("a@x")));
        assertThatThrownBy(() -> store.in(PEOPLE)
                        .putAll(Map.of(
                                "cid", Person.of("cid", null).withEmail("c@x"),
                                "dot", Person.of("dot", null).withEmail("c@x"))))
                .isInstanceOf(KvException.UniqueViolation.class);

        assertThat(store.in(PEOPLE).by(BY_EMAIL).one("a@x")).map(Person::name).contains("bob");
        assertThat(store.in(PEOPLE).count()).isEqualTo(2);
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void putAllThatIsRefusedLeavesNothingInATransactionThatGoesOn() {
        put(Person.of("ann", null).withEmail("a@x"));

        store.update(tx -> {
            assertThatThrownBy(() -> tx.in(PEOPLE)
                            .putAll(Map.of(
                                    "ann", Person.of("ann", null).withEmail("b@x"),
                                    "bob", Person.of("bob", null).withEmail("b@x"))))
                    .isInstanceOf(KvException.UniqueViolation.class);
            tx.in(PEOPLE).put("cid", Person.of("cid", null).withEmail("c@x"));
        });

        assertThat(store.in(PEOPLE).by(BY_EMAIL).one("a@x")).map(Person::name).contains("ann");
        assertThat(store.in(PEOPLE).by(BY_EMAIL).one("b@x")).isEmpty();
        assertThat(store.in(PEOPLE).count()).isEqualTo(2);
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void twoConcurrentOwnersOfAUniqueKeyAreRefusedUnderEveryIsolation(Isolation isolation) {
        put(Person.of("zoe", null));
        TransactionOptions options = TransactionOptions.defaults().isolation(isolation);
        try (WriteTransaction first = store.begin(options);
                WriteTransaction second = store.begin(options)) {
            first.in(PEOPLE).put("ann", Person.of("ann", null).withEmail("x@x"));
            second.in(PEOPLE).put("bob", Person.of("bob", null).withEmail("x@x"));
            first.commit();
            assertThatThrownBy(second::commit).isInstanceOf(KvException.Conflict.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void blindWritesOfOneRecordKeepItsIndexRightUnderEveryIsolation(Isolation isolation) {
        put(Person.of("ann", "Oslo"));
        TransactionOptions options = TransactionOptions.defaults().isolation(isolation);
        try (WriteTransaction first = store.begin(options);
                WriteTransaction second = store.begin(options)) {
            first.in(PEOPLE).put("ann", Person.of("ann", "Bergen"));
            second.in(PEOPLE).put("ann", Person.of("ann", "Bodø"));
            first.commit();
            assertThatThrownBy(second::commit).isInstanceOf(KvException.Conflict.class);
        }

        assertThat(store.in(PEOPLE).by(BY_CITY).count(KeyRange.all())).isEqualTo(1);
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void deletedRangeIsValidatedUnderEveryIsolation(Isolation isolation) {
        put(Person.of("ann", "Oslo"));
        put(Person.of("zoe", "Oslo"));
        TransactionOptions options = TransactionOptions.defaults().isolation(isolation);
        try (WriteTransaction tx = store.begin(options)) {
            tx.in(PEOPLE).deleteRange(KeyRange.lessThan("m"));
            put(Person.of("bob", "Oslo"));
            assertThatThrownBy(tx::commit).isInstanceOf(KvException.Conflict.class);
        }
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void deletedRangeLeavesItsIndexes() {
        for (String name : List.of("ann", "bob", "cid", "dot")) {
            put(Person.of(name, "Oslo", "t"));
        }

        assertThat(store.in(PEOPLE).deleteRange(KeyRange.closed("bob", "cid"))).isEqualTo(2);
        assertThat(store.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("ann", "dot");

        store.in(PEOPLE).clear();
        assertThat(store.in(PEOPLE).by(BY_CITY).count(KeyRange.all())).isZero();
        assertThat(store.in(PEOPLE).by(BY_TAG).count(KeyRange.all())).isZero();
    }

    @Test
    void indexIterationShowsWhatWasThereWhenItBegan() {
        for (String name : List.of("ann", "bob", "cid", "dot")) {
            put(Person.of(name, "Oslo", "before"));
        }
        for (String kind : List.of("delete", "put", "range", "clear", "putAll")) {
            store.update(tx -> {
                TableWriter<String, Person> people = tx.in(PEOPLE);
                List<Person> seen = new ArrayList<>();
                for (Entry<String, Person> entry : people.by(BY_CITY).eq("Oslo")) {
                    seen.add(entry.value());
                    disturb(people, kind, entry.key());
                }
                assertThat(seen)
                        .as(kind)
                        .hasSize(4)
                        .allMatch(person -> person.tags().equals(List.of("before")));
                people.clear();
                for (String name : List.of("ann", "bob", "cid", "dot")) {
                    people.put(name, Person.of(name, "Oslo", "before"));
                }
            });
        }
    }

    private static void disturb(TableWriter<String, Person> people, String kind, String key) {
        switch (kind) {
            case "delete" -> List.of("ann", "bob", "cid", "dot").forEach(people::delete);
            case "put" ->
                List.of("ann", "bob", "cid", "dot")
                        .forEach(name -> people.put(name, Person.of(name, "Bergen" + key, "after")));
            case "range" -> people.deleteRange(KeyRange.atLeast("b"));
            case "clear" -> people.clear();
            default ->
                people.putAll(
                        Map.of("ann", Person.of("ann", "Oslo", "after"), "dot", Person.of("dot", "Oslo", "after")));
        }
    }

    @Test
    void cursorOnAnEntryThatChangesUnderItShowsItAsItWas() {
        put(Person.of("ann", "Oslo", "before"));
        store.update(tx -> {
            try (Cursor<String, Person> cursor =
                    tx.in(PEOPLE).by(BY_CITY).eq("Oslo").cursor()) {
                cursor.advance();
                tx.in(PEOPLE).clear();
                assertThat(cursor.value().tags()).containsExactly("before");
                assertThat(cursor.key()).isEqualTo("ann");
                assertThat(cursor.advance()).isFalse();
            }
        });
    }

    @Test
    void indexScanHasNoOrderToSeekIn() {
        try (Cursor<String, Person> cursor =
                store.in(PEOPLE).by(BY_CITY).scan(KeyRange.all()).cursor()) {
            assertThatThrownBy(() -> cursor.seek("a")).isInstanceOf(UnsupportedOperationException.class);
        }
    }
}
