// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Cursor;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Isolation;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.api.Page;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableReader;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.api.Version;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Deadlines: a view has one instant, and an entry is gone from its deadline on. */
@Needs(Capability.EXPIRY)
abstract class ExpiryContract extends StoreContract {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Table<String, String> LEASES =
            Table.of("leases", Keys.string(), Values.string()).expiring(HOUR);

    private final SettableClock clock = new SettableClock(START);

    @Override
    Options options() {
        return Options.defaults().clock(clock);
    }

    private void put(Person person, Expiry expiry) {
        store.in(PEOPLE).put(person.name(), person, expiry);
    }

    private static Person ann() {
        return Person.of("ann", "Oslo", "a", "b").withEmail("ann@x");
    }

    @Test
    void anEntryIsGoneFromItsDeadlineOnToTheMillisecond() {
        put(ann(), Expiry.after(HOUR));
        put(Person.of("bob", "Oslo", "b"), Expiry.never());

        clock.set(START.plus(HOUR).minusMillis(1));
        assertThat(store.in(PEOPLE).get("ann")).contains(ann());
        assertThat(store.in(PEOPLE).count()).isEqualTo(2);
        assertThat(store.in(PEOPLE).by(BY_CITY).count("Oslo")).isEqualTo(2);

        clock.set(START.plus(HOUR));
        assertGone(store.in(PEOPLE));
        store.read(transaction -> {
            assertGone(transaction.in(PEOPLE));
            return "";
        });
        store.update(transaction -> assertGone(transaction.in(PEOPLE)));
        if (can(Capability.SNAPSHOT_READS)) {
            try (Snapshot snapshot = store.snapshot()) {
                assertGone(snapshot.in(PEOPLE));
            }
        }
    }

    private static void assertGone(TableReader<String, Person> people) {
        assertThat(people.get("ann")).isEmpty();
        assertThat(people.getOrNull("ann")).isNull();
        assertThat(people.contains("ann")).isFalse();
        assertThat(people.entry("ann")).isEmpty();
        assertThat(people.getAll(List.of("ann", "bob"))).containsOnlyKeys("bob");
        assertThat(people.scan().keys()).containsExactly("bob");
        assertThat(people.scan().reverse().keys()).containsExactly("bob");
        assertThat(people.scan(KeyRange.atMost("ann")).keys()).isEmpty();
        assertThat(people.count()).isEqualTo(1);
        assertThat(people.count(KeyRange.atMost("ann"))).isZero();
        Page<String, Person> page = people.scan().page(1);
        assertThat(page.entries()).extracting(Entry::key).containsExactly("bob");
        assertThat(page.next()).isEmpty();
        assertThat(people.by(BY_CITY).eq("Oslo").keys()).containsExactly("bob");
        assertThat(people.by(BY_CITY).count("Oslo")).isEqualTo(1);
        assertThat(people.by(BY_EMAIL).one("ann@x")).isEmpty();
        assertThat(people.by(BY_EMAIL).count(KeyRange.all())).isZero();
        assertThat(people.by(BY_TAG).scan(KeyRange.all()).keys()).containsExactly("bob");
    }

    @Test
    void theDeadlineIsToldByEntryAndCursor() {
        Instant at = START.plusMillis(1234);
        store.in(WORDS).put("a", "1", Expiry.at(at.plusNanos(999)));
        put(ann(), Expiry.at(at));

        assertThat(store.in(WORDS).entry("a").orElseThrow().expiresAt()).isEqualTo(at);
        assertThat(store.in(WORDS).scan().toList().get(0).expiresAt()).isEqualTo(at);
        try (Cursor<String, Person> cursor =
                store.in(PEOPLE).by(BY_CITY).eq("Oslo").cursor()) {
            assertThat(cursor.advance()).isTrue();
            assertThat(cursor.expiresAt()).isEqualTo(at);
        }
    }

    @Test
    void aDurationCountsFromWhereTheTransactionBegan() {
        try (WriteTransaction transaction = store.begin()) {
            clock.move(Duration.ofMinutes(5));
            transaction.in(WORDS).put("a", "1", Expiry.after(HOUR));
            transaction.commit();
        }

        assertThat(store.in(WORDS).entry("a").orElseThrow().expiresAt()).isEqualTo(START.plus(HOUR));
    }

    @Test
    void everyWriteWithoutAnExpirySetsTheDefaultOfTheTable() {
        Instant first = START.plus(HOUR);
        store.in(LEASES).put("put", "1");
        store.in(LEASES).putIfAbsent("absent", "1");
        store.in(LEASES).putAll(Map.of("all", "1"));
        store.in(LEASES).put("stays", "1", Expiry.never());
        assertThat(store.in(LEASES).scan().toList())
                .extracting(Entry::expiresAt)
                .containsExactly(first, first, first, null);

        clock.move(Duration.ofMinutes(10));
        Instant second = first.plus(Duration.ofMinutes(10));
        store.in(LEASES).compute("put", old -> old + "2");
        store.in(LEASES).put("absent", "1");
        store.in(LEASES)
                .replace("all", store.in(LEASES).entry("all").orElseThrow().version(), "2");
        store.update(transaction -> transaction.in(LEASES).put("stays", "1"));

        assertThat(store.in(LEASES).scan().toList())
                .extracting(Entry::expiresAt)
                .containsExactly(second, second, second, second);
    }

    @Test
    void aTableWithoutDefaultLetsALaterPutStay() {
        store.in(WORDS).put("a", "1", Expiry.after(HOUR));
        put(ann(), Expiry.after(HOUR));
        store.in(WORDS).put("a", "1");
        put(ann());

        clock.move(HOUR.multipliedBy(2));

        assertThat(store.in(WORDS).get("a")).contains("1");
        assertThat(store.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("ann");
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void touchChangesTheDeadlineAndNothingElse() {
        put(ann(), Expiry.after(HOUR));
        Version before = store.in(PEOPLE).entry("ann").orElseThrow().version();

        assertThat(store.in(PEOPLE).touch("ann", Expiry.after(HOUR.multipliedBy(3))))
                .isTrue();

        clock.move(HOUR.multipliedBy(2));
        Entry<String, Person> touched = store.in(PEOPLE).entry("ann").orElseThrow();
        assertThat(touched).isEqualTo(new Entry<>("ann", ann(), before, START.plus(HOUR.multipliedBy(3))));
        assertThat(store.in(PEOPLE).by(BY_CITY).eq("Oslo").toList()).containsExactly(touched);
        assertThat(store.in(PEOPLE).by(BY_TAG).count(KeyRange.all())).isEqualTo(2);
        assertThat(store.admin().verify().findings()).isEmpty();
        reopen();
        assertThat(store.in(PEOPLE).entry("ann")).contains(touched);

        assertThat(store.in(PEOPLE).touch("ann", Expiry.never())).isTrue();
        clock.move(HOUR.multipliedBy(9));
        assertThat(store.in(PEOPLE).entry("ann")).contains(new Entry<>("ann", ann(), before, null));
    }

    @Test
    void touchFindsNothingWhereNothingIs() {
        store.in(WORDS).put("gone", "1", Expiry.after(HOUR));
        clock.move(HOUR);

        assertThat(store.in(WORDS).touch("gone", Expiry.never())).isFalse();
        assertThat(store.in(WORDS).touch("never", Expiry.never())).isFalse();
        assertThat(store.in(WORDS).count()).isZero();
    }

    @Test
    void aDeadlineThatHasComeIsAsGoodAsADelete() {
        Expiry past = Expiry.at(START);
        for (String name : List.of("put", "replace", "touch", "inTransaction")) {
            store.in(WORDS).put(name, "1");
            store.in(PEOPLE).put(name, Person.of(name, "Oslo"));
        }
        Version word = store.in(WORDS).entry("replace").orElseThrow().version();
        Version person = store.in(PEOPLE).entry("replace").orElseThrow().version();
        put(ann());
        assertThat(store.in(WORDS).putIfAbsent("free", "2", past)).isEmpty();

        store.in(WORDS).put("put", "2", past);
        assertThat(store.in(WORDS).replace("replace", word, "2", past)).isTrue();
        assertThat(store.in(WORDS).touch("touch", past)).isTrue();
        put(Person.of("put", "Bergen").withEmail(ann().email()), past);
        assertThat(store.in(PEOPLE).replace("replace", person, ann(), past)).isTrue();
        assertThat(store.in(PEOPLE).touch("touch", past)).isTrue();
        store.update(transaction -> {
            transaction.in(WORDS).put("inTransaction", "2", past);
            transaction.in(PEOPLE).put("inTransaction", ann(), past);
            assertThat(transaction.in(WORDS).contains("inTransaction")).isFalse();
            assertThat(transaction.in(PEOPLE).scan().keys()).containsExactly("ann");
        });

        assertThat(store.in(WORDS).count()).isZero();
        assertThat(store.in(PEOPLE).scan().keys()).containsExactly("ann");
        assertThat(store.in(PEOPLE).by(BY_CITY).count(KeyRange.all())).isEqualTo(1);
        long written = store.revision();
        assertThat(store.admin().sweep()).isZero();
        assertThat(store.revision()).as("nothing was left to sweep").isEqualTo(written);
    }

    @Test
    void whatIsGoneIsAbsentForEveryWrite() {
        for (String key : List.of("a", "b", "c", "d", "e")) {
            store.in(WORDS).put(key, "old", Expiry.after(HOUR));
        }
        Version old = store.in(WORDS).entry("b").orElseThrow().version();
        clock.move(HOUR);

        assertThat(store.in(WORDS).putIfAbsent("a", "new")).isEmpty();
        assertThat(store.in(WORDS).replace("b", old, "new")).isFalse();
        assertThat(store.in(WORDS).delete("b")).isFalse();
        assertThat(store.in(WORDS).delete("b", old)).isFalse();
        assertThat(store.in(WORDS).compute("c", before -> "was " + before)).isEqualTo("was null");
        assertThat(store.in(WORDS).deleteRange(KeyRange.atLeast("d"))).isZero();
        assertThat(store.in(WORDS).scan().keys()).containsExactly("a", "c");
    }

    @Test
    void aUniqueKeyIsFreeOnceItsOwnerIsGone() {
        put(ann(), Expiry.after(HOUR));
        Person heir = Person.of("heir", "Bergen").withEmail("ann@x");
        assertThatThrownBy(() -> store.in(PEOPLE).put("heir", heir)).isInstanceOf(KvException.UniqueViolation.class);

        clock.move(HOUR);
        store.in(PEOPLE).put("heir", heir);

        assertThat(store.in(PEOPLE).by(BY_EMAIL).one("ann@x")).contains(heir);
        store.admin().sweep();
        assertThat(store.in(PEOPLE).by(BY_EMAIL).one("ann@x")).contains(heir);
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aRecordDoesNotGetBackAUniqueKeyThatWasGivenAwayMeanwhile(Isolation isolation) {
        put(ann(), Expiry.after(HOUR));
        for (boolean touches : List.of(true, false)) {
            try (WriteTransaction transaction =
                    store.begin(TransactionOptions.defaults().isolation(isolation))) {
                if (touches) {
                    transaction.in(PEOPLE).touch("ann", Expiry.never());
                } else {
                    transaction.in(PEOPLE).put("ann", ann(), Expiry.never());
                }
                clock.move(HOUR);
                put(Person.of("heir", "Bergen").withEmail("ann@x"), Expiry.after(HOUR));

                assertThatThrownBy(transaction::commit).isInstanceOf(KvException.Conflict.class);
            }
            store.in(PEOPLE).clear();
            put(ann(), Expiry.after(HOUR));
        }
    }

    @Test
    void aRecordThatComesBackUnderAnotherIndexKeyLeavesNoEntryOfTheOldOne() {
        put(ann(), Expiry.after(HOUR));
        clock.move(HOUR);
        put(Person.of("ann", "Bergen"), Expiry.never());

        store.admin().sweep();

        assertThat(store.in(PEOPLE).by(BY_CITY).scan(KeyRange.all()).values())
                .containsExactly(Person.of("ann", "Bergen"));
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    @Needs(Capability.SNAPSHOT_READS)
    void aViewJudgesByTheMomentAtWhichItBegan() {
        put(ann(), Expiry.after(HOUR));
        try (Snapshot snapshot = store.snapshot();
                WriteTransaction transaction = store.begin()) {
            clock.move(HOUR);
            store.in(WORDS).put("later", "commit");
            store.admin().sweep();

            assertThat(snapshot.in(PEOPLE).get("ann")).contains(ann());
            assertThat(snapshot.in(PEOPLE).by(BY_CITY).count("Oslo")).isEqualTo(1);
            assertThat(transaction.in(PEOPLE).get("ann")).contains(ann());
            assertThat(transaction.in(PEOPLE).by(BY_CITY).eq("Oslo").values()).containsExactly(ann());
            assertThat(store.in(PEOPLE).get("ann")).isEmpty();
        }
    }

    @Test
    void aClockThatGoesBackResurrectsNothing() {
        store.in(WORDS).put("a", "1", Expiry.after(HOUR));
        clock.move(HOUR);
        assertThat(store.in(WORDS).get("a")).isEmpty();

        clock.set(START);

        assertThat(store.in(WORDS).get("a")).isEmpty();
        assertThat(store.in(WORDS).count()).isZero();
        reopen();
        assertThat(store.in(WORDS).get("a")).isEmpty();
        store.in(WORDS).put("b", "1", Expiry.after(HOUR));
        assertThat(store.in(WORDS).entry("b").orElseThrow().expiresAt()).isEqualTo(START.plus(HOUR.multipliedBy(2)));
    }

    @Test
    void deadlinesAreKept() {
        put(ann(), Expiry.after(HOUR));
        Entry<String, Person> before = store.in(PEOPLE).entry("ann").orElseThrow();

        reopen();
        assertThat(store.in(PEOPLE).entry("ann")).contains(before);
        assertThat(store.in(PEOPLE).by(BY_CITY).eq("Oslo").toList()).containsExactly(before);

        clock.move(HOUR);
        reopen();
        assertThat(store.in(PEOPLE).get("ann")).isEmpty();
        assertThat(store.in(PEOPLE).by(BY_CITY).count("Oslo")).isZero();
    }

    @Test
    void sweepTellsHowManyRecordsItRemoved() {
        long swept = 0;
        // The store also sweeps by itself; it can hardly be the first one each time.
        for (int attempt = 0; attempt < 10 && swept == 0; attempt++) {
            put(ann(), Expiry.after(HOUR));
            put(Person.of("bob", "Oslo"), Expiry.after(HOUR));
            put(Person.of("cid", "Oslo"), Expiry.after(HOUR.multipliedBy(3)));
            store.in(LEASES).put("a", "1");
            assertThat(store.admin().sweep()).isZero();
            clock.move(HOUR);
            swept = store.admin().sweep();
        }

        assertThat(swept).isEqualTo(3);
        assertThat(store.admin().sweep()).isZero();
        assertThat(store.in(PEOPLE).scan().keys()).containsExactly("cid");
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void sweepIsAWriteOfItsOwn() {
        store.update(transaction ->
                assertThatThrownBy(() -> store.admin().sweep()).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void theStoreSweepsByItself() {
        put(ann(), Expiry.after(HOUR));
        long before = store.revision();
        clock.move(HOUR);

        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (store.revision() == before && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }

        assertThat(store.revision()).isGreaterThan(before);
        assertThat(store.admin().sweep()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aSweepIsNoConflictForWhoSawTheEntryGone(Isolation isolation) {
        put(ann(), Expiry.after(HOUR));
        clock.move(HOUR);
        try (WriteTransaction transaction =
                store.begin(TransactionOptions.defaults().isolation(isolation))) {
            assertThat(transaction.in(PEOPLE).get("ann")).isEmpty();
            assertThat(transaction.in(PEOPLE).scan().toList()).isEmpty();
            assertThat(transaction.in(PEOPLE).count()).isZero();
            assertThat(transaction.in(PEOPLE).by(BY_EMAIL).one("ann@x")).isEmpty();
            transaction.in(PEOPLE).put("ann", ann(), Expiry.never());

            store.admin().sweep();

            transaction.commit();
        }
        assertThat(store.in(PEOPLE).by(BY_EMAIL).one("ann@x")).contains(ann());
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void aSweepIsAConflictForWhoSawTheEntryAlive() {
        put(Person.of("abe", "Oslo"), Expiry.after(HOUR.dividedBy(2)));
        put(ann(), Expiry.after(HOUR));
        clock.move(HOUR.dividedBy(2));
        try (WriteTransaction transaction = store.begin()) {
            assertThat(transaction.in(PEOPLE).scan().keys()).containsExactly("ann");
            transaction.in(WORDS).put("saw", "ann");
            clock.move(HOUR);
            store.admin().sweep();

            assertThatThrownBy(transaction::commit).isInstanceOf(KvException.Conflict.class);
        }
    }

    @Test
    void sweepsBesideWritersLeaveRecordsAndIndexesWhole() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Random random = new Random(i);
                writers.add(threads.submit(() -> {
                    for (int n = rounds(200); n > 0; n--) {
                        change(random);
                    }
                }));
            }
            while (!writers.stream().allMatch(Future::isDone)) {
                clock.move(Duration.ofMillis(1));
                store.admin().sweep();
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(store.admin().verify().findings()).isEmpty();
        clock.move(HOUR);
        assertThat(store.admin().verify().findings()).isEmpty();
        assertThat(store.in(PEOPLE).by(BY_CITY).count(KeyRange.all()))
                .isEqualTo(store.in(PEOPLE).count());
        assertThat(store.in(PEOPLE).scan().toList()).allMatch(person -> person.expiresAt() == null);
    }

    private void change(Random random) {
        Person person = Person.of("p" + random.nextInt(9), "city" + random.nextInt(3), "t" + random.nextInt(3));
        Expiry soon = Expiry.after(Duration.ofMillis(1 + random.nextInt(20)));
        switch (random.nextInt(5)) {
            case 0 -> store.in(PEOPLE).put(person.name(), person);
            case 1 -> store.in(PEOPLE).delete(person.name());
            case 2 -> store.in(PEOPLE).touch(person.name(), random.nextBoolean() ? soon : Expiry.never());
            default -> store.in(PEOPLE).put(person.name(), person, soon);
        }
    }

    @Test
    void touchConflictsWithAnotherWriteOfTheKey() {
        store.in(WORDS).put("a", "1");
        try (WriteTransaction transaction =
                store.begin(TransactionOptions.defaults().isolation(Isolation.SNAPSHOT))) {
            transaction.in(WORDS).touch("a", Expiry.after(HOUR));
            store.in(WORDS).put("a", "2");

            assertThatThrownBy(transaction::commit).isInstanceOf(KvException.Conflict.class);
        }
        assertThat(store.in(WORDS).get("a")).contains("2");
    }

    @Test
    void theDefaultExpiryIsPartOfTheDefinition() {
        store.in(LEASES).put("a", "1");
        Table<String, String> same =
                Table.of("leases", Keys.string(), Values.string()).expiring(HOUR);
        Table<String, String> longer = same.expiring(HOUR.multipliedBy(2));
        Table<String, String> without = Table.of("leases", Keys.string(), Values.string());

        assertThat(store.in(same).get("a")).contains("1");
        assertThatThrownBy(() -> store.in(longer))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PT1H")
                .hasMessageContaining("PT2H");
        assertThatThrownBy(() -> store.in(without)).isInstanceOf(IllegalStateException.class);
        store.close();
        reopen();
        assertThat(store.in(longer).get("a")).contains("1");
    }

    @Test
    void aReadOnlyStoreHidesWhatIsDueAndSweepsNothing() {
        put(ann(), Expiry.after(HOUR));
        reopen(options().readOnly());
        long before = store.revision();
        clock.move(HOUR);

        assertThat(store.in(PEOPLE).get("ann")).isEmpty();
        assertThatThrownBy(() -> store.admin().sweep()).isInstanceOf(KvException.Unsupported.class);
        assertThat(store.revision()).isEqualTo(before);
    }

    @Test
    void aMissingExpiryIsRefused() {
        assertThatThrownBy(() -> store.in(WORDS).put("a", "1", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> store.in(WORDS).touch("a", null)).isInstanceOf(NullPointerException.class);
    }
}
