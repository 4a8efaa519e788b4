// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Savepoint;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Definitions of tables: one for each name, remembered with the data, and what happens when a program changes one. */
abstract class DefinitionsContract extends StoreContract {

    private static final Table<String, Person> PLAIN = Table.of("people", Keys.string(), Values.json(Person.class));
    private static final Table<String, Person> BY_CITY_ONLY = PLAIN.with(BY_CITY);
    private static final Index<Person, String> BY_NAME = Index.of("by_name", Keys.string(), Person::name);
    private static final Table<String, Person> TWO = BY_CITY_ONLY.with(BY_NAME);
    private static final Index<Person, String> UNIQUE_CITY = Index.unique("u", Keys.string(), Person::city);

    @BeforeEach
    void fill() {
        for (String name : List.of("ann", "bob", "cid")) {
            store.in(BY_CITY_ONLY).put(name, Person.of(name, name.equals("cid") ? "Bergen" : "Oslo"));
        }
        reopen();
    }

    @Test
    void newIndexIsBuiltBeforeItAnswers() {
        long before = store.revision();

        assertThat(store.in(TWO).by(BY_NAME).eq("bob").keys()).containsExactly("bob");

        long built = store.revision();
        assertThat(built).isGreaterThan(before);
        assertThat(store.in(TWO).by(BY_NAME).count(KeyRange.all())).isEqualTo(3);
        assertThat(store.in(TWO).by(BY_CITY).count("Oslo")).isEqualTo(2);
        assertThat(store.revision()).isEqualTo(built);
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void newIndexIsBuiltOnceAndKept() {
        store.in(TWO).by(BY_NAME).count("bob");
        long built = store.revision();
        reopen();

        assertThat(store.in(TWO).by(BY_NAME).count("bob")).isEqualTo(1);
        assertThat(store.revision()).isEqualTo(built);
    }

    @Test
    void newIndexIsBuiltInAWriteTransactionThatUsesIt() {
        store.update(tx -> {
            assertThat(tx.in(TWO).by(BY_NAME).eq("bob").keys()).containsExactly("bob");
            tx.in(TWO).put("dot", Person.of("dot", "Oslo"));
            assertThat(tx.in(TWO).by(BY_NAME).count(KeyRange.all())).isEqualTo(4);
        });

        assertThat(store.in(TWO).by(BY_NAME).count(KeyRange.all())).isEqualTo(4);
    }

    @Test
    void newIndexIsBuiltByAFirstWriteThatDoesNotReadIt() {
        store.in(TWO).put("dot", Person.of("dot", "Oslo"));
        reopen();

        assertThat(store.in(TWO).by(BY_NAME).count(KeyRange.all())).isEqualTo(4);
        assertThat(store.in(TWO).delete("ann")).isTrue();
        assertThat(store.in(TWO).by(BY_NAME).count(KeyRange.all())).isEqualTo(3);
    }

    @Test
    @Needs(Capability.SAVEPOINTS)
    void indexThatWasBuiltAndUndoneIsBuiltAgain() {
        store.update(tx -> {
            Savepoint savepoint = tx.savepoint();
            assertThat(tx.in(TWO).by(BY_NAME).count(KeyRange.all())).isEqualTo(3);
            tx.rollbackTo(savepoint);
            assertThat(tx.in(TWO).by(BY_NAME).count(KeyRange.all())).isEqualTo(3);
        });
    }

    @Test
    @Needs(Capability.SNAPSHOT_READS)
    void everyViewHasTheNewIndex() {
        try (Snapshot snapshot = store.snapshot()) {
            long before = store.revision();
            assertThat(snapshot.in(TWO).by(BY_NAME).eq("bob").values())
                    .extracting(Person::name)
                    .containsExactly("bob");
            assertThat(store.revision()).isEqualTo(before);

            assertThat(store.<Long>read(tx -> tx.in(TWO).by(BY_NAME).count(KeyRange.all())))
                    .isEqualTo(3);
            store.in(TWO).delete("ann");

            assertThat(snapshot.in(TWO).by(BY_NAME).scan(KeyRange.all()).keys()).containsExactly("ann", "bob", "cid");
            assertThat(snapshot.in(TWO).by(BY_CITY).count("Oslo")).isEqualTo(2);
            assertThat(store.in(TWO).by(BY_NAME).count(KeyRange.all())).isEqualTo(2);
        }
    }

    @Test
    void newIndexCanBeReadFromInsideAWriteThatDoesNotKnowIt() {
        store.update(tx -> {
            tx.in(WORDS).put("a", "1");
            assertThat(store.in(TWO).by(BY_NAME).eq("bob").keys()).containsExactly("bob");
            assertThat(store.<Long>read(view -> view.in(TWO).by(BY_NAME).count("bob")))
                    .isEqualTo(1);
        });

        assertThat(store.in(WORDS).count()).isEqualTo(1);
    }

    @Test
    void readOnlyStoreHasTheNewIndexAndWritesNothing() {
        long before = store.revision();
        reopen(Options.defaults().readOnly());

        assertThat(store.in(TWO).by(BY_NAME).eq("bob").keys()).containsExactly("bob");
        assertThat(store.<Long>read(
                        (ReadTransaction tx) -> tx.in(TWO).by(BY_NAME).count(KeyRange.all())))
                .isEqualTo(3);
        assertThat(store.in(TWO).by(BY_NAME).eq("cid").values()).hasSize(1);
        assertThat(store.revision()).isEqualTo(before);
    }

    @Test
    void revisedIndexIsBuiltAnew() {
        Index<Person, String> lower = Index.<Person, String>of(
                        "by_city", Keys.string(), person -> "in " + person.city())
                .revised(1);
        Table<String, Person> revised = PLAIN.with(lower);

        assertThat(store.in(revised).by(lower).eq("in Oslo").keys()).containsExactly("ann", "bob");
        assertThat(store.in(revised).by(lower).count("Oslo")).isZero();
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void indexThatIsNoLongerDefinedIsDroppedAtTheFirstWrite() {
        assumeFalse(isShared(), "others may need the index");
        store.in(PLAIN).get("ann");
        reopen();
        long before = store.revision();
        assertThat(store.in(BY_CITY_ONLY).by(BY_CITY).count("Oslo")).isEqualTo(2);
        assertThat(store.revision()).isEqualTo(before);
        reopen();

        store.in(PLAIN).put("ann", Person.of("ann", "Nowhere"));
        store.in(PLAIN).delete("bob");
        reopen();

        assertThat(store.in(BY_CITY_ONLY).by(BY_CITY).eq("Nowhere").keys()).containsExactly("ann");
        assertThat(store.in(BY_CITY_ONLY).by(BY_CITY).count(KeyRange.all())).isEqualTo(2);
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void indexIsDroppedByItsName() {
        store.in(PLAIN).get("ann");
        reopen();

        store.admin().dropIndex("people", "by_city");
        store.admin().dropIndex("people", "by_city");
        store.admin().dropIndex("nothing", "here");
        store.in(PLAIN).put("ann", Person.of("ann", "Nowhere"));
        reopen();

        assertThat(store.in(BY_CITY_ONLY).by(BY_CITY).eq("Nowhere").keys()).containsExactly("ann");
        assertThatThrownBy(() -> store.admin().dropIndex("people", "by_city"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("by_city");
    }

    @Test
    void buildThatFindsTwoRecordsForOneUniqueKeyChangesNothing() {
        Table<String, Person> unique = BY_CITY_ONLY.with(UNIQUE_CITY);
        long before = store.revision();

        for (Runnable call : List.<Runnable>of(
                () -> store.in(unique).by(UNIQUE_CITY).one("Bergen"),
                () -> store.in(unique).put("dot", Person.of("dot", "Bodø")),
                () -> store.<Long>read(tx -> tx.in(unique).by(UNIQUE_CITY).count("Oslo")))) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(KvException.UniqueViolation.class)
                    .hasMessageContaining("people")
                    .hasMessageContaining(" u");
        }
        // Where others write too, the definition is stored before the index is built.
        assertThat(store.revision() == before).isNotEqualTo(isShared());
        if (can(Capability.SNAPSHOT_READS)) {
            try (Snapshot snapshot = store.snapshot()) {
                assertThatThrownBy(() -> snapshot.in(unique).by(UNIQUE_CITY).count("Oslo"))
                        .isInstanceOf(KvException.UniqueViolation.class);
            }
        }
        try (WriteTransaction tx = store.begin()) {
            assertThatThrownBy(() -> tx.in(unique).put("dot", Person.of("dot", "Bodø")))
                    .isInstanceOf(KvException.UniqueViolation.class);
            tx.in(WORDS).put("a", "goes on");
            tx.commit();
        }
        assertThat(store.in(unique).get("ann")).isPresent();
        assertThat(store.in(unique).count()).isEqualTo(3);
    }

    @Test
    void secondDefinitionOfANameIsRefused() {
        store.in(BY_CITY_ONLY);
        Index<Person, String> unique = Index.unique("by_city", Keys.string(), Person::city);
        Index<Person, byte[]> otherCodec = Index.of("by_city", Keys.bytes(), person -> new byte[0]);

        for (Table<?, ?> other : List.<Table<?, ?>>of(
                PLAIN,
                TWO,
                PLAIN.with(unique),
                PLAIN.with(otherCodec),
                PLAIN.with(BY_CITY.revised(2)),
                Table.of("people", Keys.bytes(), Values.json(Person.class)).with(BY_CITY),
                Table.of("people", Keys.string(), Values.of("other", (Person p) -> new byte[0], b -> Person.of("", "")))
                        .with(BY_CITY))) {
            assertThatThrownBy(() -> store.in(other))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("people");
            assertThatThrownBy(() -> store.read(tx -> tx.in(other))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> store.update(tx -> tx.in(other))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void equalDefinitionsOfOtherObjectsAreTheSameTable() {
        Index<Person, String> sameCity = Index.of("by_city", Keys.string(), person -> person.city());
        Index<Person, String> sameName = Index.of("by_name", Keys.string(), person -> person.name());
        Table<String, Person> same = Table.of("people", Keys.string(), Values.json(Person.class))
                .with(sameName)
                .with(sameCity);

        store.in(TWO).put("dot", Person.of("dot", "Oslo"));

        assertThat(store.in(same).by(BY_CITY).count("Oslo")).isEqualTo(3);
        assertThat(store.in(TWO).by(sameCity).count("Oslo")).isEqualTo(3);
    }

    @Test
    void anotherKeyCodecThanTheStoredOneIsRefused() {
        Table<byte[], Person> other = Table.of("people", Keys.bytes(), Values.json(Person.class));

        assertThatThrownBy(() -> store.in(other))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("string")
                .hasMessageContaining("bytes")
                .hasMessageContaining("copy its records");
        assertThat(store.in(BY_CITY_ONLY).count()).isEqualTo(3);
    }

    @Test
    void anotherValueCodecThanTheStoredOneIsRefused() {
        Table<String, byte[]> other = Table.of("people", Keys.string(), Values.bytes());

        assertThatThrownBy(() -> store.in(other))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("json");
    }

    @Test
    void codecWithoutAnIdIsRefused() {
        for (String id : List.of("", "x".repeat(201))) {
            Table<String, String> table = Table.of("t", Keys.string(), Values.of(id, String::getBytes, String::new));
            assertThatThrownBy(() -> store.in(table)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
