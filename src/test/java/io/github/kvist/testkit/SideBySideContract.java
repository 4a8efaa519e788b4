// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent.Committed;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two stores in one system: neither sees, holds up or removes what is the other's. */
abstract class SideBySideContract extends StoreContract {

    private final SettableClock clock = new SettableClock(Instant.parse("2030-01-01T00:00:00Z"));
    private StoreHome otherHome;
    private KvStore other;

    @Override
    Options options() {
        return Options.defaults().clock(clock);
    }

    @BeforeEach
    final void openOther() {
        otherHome = newHome();
        other = otherHome.open(options());
    }

    @AfterEach
    final void closeOther() {
        if (other != null) {
            other.close();
            otherHome.close();
        }
    }

    @Test
    void neitherSeesWhatIsTheOthers() {
        put(Person.of("ann", "Oslo"));
        other.in(PEOPLE).put("bob", Person.of("bob", "Oslo"));

        assertThat(store.in(PEOPLE).scan().keys()).containsExactly("ann");
        assertThat(store.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("ann");
        assertThat(other.in(PEOPLE).scan().keys()).containsExactly("bob");
        assertThat(other.in(PEOPLE).by(BY_CITY).eq("Oslo").keys()).containsExactly("bob");
        assertThat(other.in(PEOPLE).count()).isEqualTo(1);
    }

    @Test
    void whatOneDeletesStaysInTheOther() {
        put(Person.of("ann", "Oslo"));
        other.in(PEOPLE).put("ann", Person.of("ann", "Bergen"));

        store.in(PEOPLE).clear();

        assertThat(other.in(PEOPLE).by(BY_CITY).scan(KeyRange.all()).keys()).containsExactly("ann");
        assertThat(other.admin().verify().findings()).isEmpty();
    }

    @Test
    void uniqueKeysAreUniqueInOneOnly() {
        put(Person.of("ann", null).withEmail("x@x"));
        other.in(PEOPLE).put("bob", Person.of("bob", null).withEmail("x@x"));

        assertThat(other.in(PEOPLE).by(BY_EMAIL).one("x@x")).map(Person::name).contains("bob");
    }

    @Test
    void commitsOfOneAreNoConflictForTheOther() {
        store.in(WORDS).put("a", "1");
        other.in(WORDS).put("a", "1");
        try (WriteTransaction transaction = store.begin()) {
            transaction.in(WORDS).compute("a", old -> old + "!");
            transaction.in(WORDS).scan().keys();
            other.in(WORDS).put("a", "2");
            other.in(WORDS).put("b", "2");
            transaction.commit();
        }

        assertThat(store.in(WORDS).scan().values()).containsExactly("1!");
    }

    @Test
    void definitionsAreEachOnesOwn() {
        Table<Long, byte[]> words = Table.of("words", Keys.int64(), Values.bytes());
        store.in(WORDS).put("a", "1");
        other.in(words).put(1L, new byte[] {1});

        assertThat(store.in(WORDS).scan().keys()).containsExactly("a");
        assertThat(other.in(words).scan().keys()).containsExactly(1L);
    }

    @Test
    void oneIsClosedAndTheOtherGoesOn() {
        store.close();
        other.in(WORDS).put("a", "1");

        assertThat(other.in(WORDS).get("a")).contains("1");
    }

    @Test
    @Needs(Capability.EXPIRY)
    void oneSweepsOnlyWhatIsItsOwn() {
        store.in(WORDS).put("a", "1", Expiry.after(Duration.ofHours(1)));
        other.in(WORDS).put("b", "1", Expiry.after(Duration.ofHours(3)));
        other.in(WORDS).put("c", "1");
        clock.move(Duration.ofHours(2));

        store.admin().sweep();

        assertThat(store.in(WORDS).count()).isZero();
        assertThat(other.in(WORDS).scan().keys()).containsExactly("b", "c");
    }

    @Test
    @Needs(Capability.WATCH)
    void oneIsToldNothingOfTheOther() throws Exception {
        try (Watch watch = store.watch(WatchOptions.all())) {
            other.in(WORDS).put("theirs", "1");
            store.in(WORDS).put("ours", "1");

            assertThat(watch.next(Duration.ofSeconds(20)))
                    .isInstanceOfSatisfying(
                            Committed.class,
                            event -> assertThat(event.changes())
                                    .singleElement()
                                    .satisfies(
                                            change -> assertThat(change.key()).isEqualTo("ours")));
        }
    }
}
