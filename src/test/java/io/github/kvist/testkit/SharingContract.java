// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Isolation;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.api.Version;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent.Committed;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.api.WriteTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two stores on the same data, as those of two processes: together they keep every promise that one alone keeps. */
abstract class SharingContract extends StoreContract {

    private final SettableClock clock = new SettableClock(Instant.parse("2030-01-01T00:00:00Z"));
    private KvStore other;

    @Override
    Options options() {
        return Options.defaults().clock(clock);
    }

    @BeforeEach
    final void openOther() {
        assumeTrue(home.isShared(), "is for one process at a time");
        other = home.open(options());
    }

    @AfterEach
    final void closeOther() {
        if (other != null) {
            other.close();
        }
    }

    @Test
    void eachSeesAtOnceWhatTheOtherCommitted() {
        for (int i = 0; i < 10; i++) {
            put(Person.of("p" + i, "city" + i));
            assertThat(other.in(PEOPLE).by(BY_CITY).eq("city" + i).keys()).containsExactly("p" + i);
            assertThat(other.revision()).isGreaterThanOrEqualTo(store.revision());

            other.in(PEOPLE).put("p" + i, Person.of("p" + i, "elsewhere"));
            assertThat(store.in(PEOPLE).by(BY_CITY).count("city" + i)).isZero();
            assertThat(store.in(PEOPLE).by(BY_CITY).count("elsewhere")).isEqualTo(i + 1);
        }
    }

    @Test
    void versionsOfBothAreDifferent() {
        Set<Version> versions = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            for (KvStore each : List.of(store, other)) {
                each.in(WORDS).put("a", "1");
                versions.add(each.in(WORDS).entry("a").orElseThrow().version());
            }
        }

        assertThat(versions).hasSize(20);
    }

    @Test
    void oneReplacesAVersionThatTheOtherRead() {
        store.in(WORDS).put("a", "1");
        Version seen = other.in(WORDS).entry("a").orElseThrow().version();

        assertThat(store.in(WORDS).replace("a", seen, "2")).isTrue();
        assertThat(other.in(WORDS).replace("a", seen, "3")).isFalse();
        assertThat(other.in(WORDS).get("a")).contains("2");
    }

    @ParameterizedTest
    @EnumSource
    void oneLosesAgainstTheOther(Isolation isolation) {
        store.in(WORDS).put("a", "1");
        TransactionOptions options = TransactionOptions.defaults().isolation(isolation);
        try (WriteTransaction one = store.begin(options);
                WriteTransaction two = other.begin(options)) {
            one.in(WORDS).compute("a", old -> old + "1");
            two.in(WORDS).compute("a", old -> old + "2");
            one.commit();

            assertThatThrownBy(two::commit).isInstanceOf(KvException.Conflict.class);
        }
        assertThat(other.in(WORDS).get("a")).contains("11");
    }

    @ParameterizedTest
    @EnumSource
    void aUniqueKeyHasOneOwnerInBoth(Isolation isolation) {
        TransactionOptions options = TransactionOptions.defaults().isolation(isolation);
        put(Person.of("zoe", null));
        try (WriteTransaction one = store.begin(options);
                WriteTransaction two = other.begin(options)) {
            one.in(PEOPLE).put("ann", Person.of("ann", null).withEmail("x@x"));
            two.in(PEOPLE).put("bob", Person.of("bob", null).withEmail("x@x"));
            one.commit();

            assertThatThrownBy(two::commit).isInstanceOf(KvException.Conflict.class);
        }
        assertThatThrownBy(
                        () -> other.in(PEOPLE).put("bob", Person.of("bob", null).withEmail("x@x")))
                .isInstanceOf(KvException.UniqueViolation.class);
    }

    @Test
    void noIncrementOfEitherIsLost() throws Exception {
        store.in(WORDS).put("n", "0");
        int each = rounds(40);
        Together.run(4, thread -> {
            KvStore mine = thread % 2 == 0 ? store : other;
            for (int i = 0; i < each; i++) {
                mine.in(WORDS).compute("n", old -> "" + (Integer.parseInt(old) + 1));
            }
            return 0;
        });

        assertThat(store.in(WORDS).get("n")).contains("" + 4 * each);
        assertThat(other.in(WORDS).get("n")).contains("" + 4 * each);
    }

    @Test
    void oneIsClosedAndTheOtherGoesOn() {
        put(Person.of("ann", "Oslo"));
        other.close();

        put(Person.of("bob", "Oslo"));

        assertThat(store.in(PEOPLE).by(BY_CITY).count("Oslo")).isEqualTo(2);
    }

    @Test
    @Needs(Capability.EXPIRY)
    void whatIsDueIsGoneForBothAndSweptOnce() {
        store.in(WORDS).put("a", "1", Expiry.after(Duration.ofHours(1)));
        other.in(WORDS).put("b", "1", Expiry.after(Duration.ofHours(1)));
        clock.move(Duration.ofHours(1));

        for (KvStore each : List.of(store, other)) {
            assertThat(each.in(WORDS).count()).isZero();
            assertThat(each.in(WORDS).delete("a")).isFalse();
        }
        store.admin().sweep();
        assertThat(other.admin().sweep()).isZero();
    }

    @Test
    @Needs(Capability.WATCH)
    void eachIsToldWhatTheOtherCommitted() throws Exception {
        store.in(WORDS);
        try (Watch watch = store.watch(WatchOptions.of(WORDS))) {
            other.in(WORDS).put("a", "1");
            store.in(WORDS).put("b", "1");

            for (String key : List.of("a", "b")) {
                assertThat(watch.next(Duration.ofSeconds(20)))
                        .isInstanceOfSatisfying(
                                Committed.class,
                                event -> assertThat(event.changes())
                                        .singleElement()
                                        .satisfies(change ->
                                                assertThat(change.key()).isEqualTo(key)));
            }
        }
    }
}
