// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.kvist.api.Capabilities.Support;
import io.github.kvist.api.Capability;
import io.github.kvist.api.Change;
import io.github.kvist.api.Change.Kind;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent;
import io.github.kvist.api.WatchEvent.Committed;
import io.github.kvist.api.WatchEvent.Gap;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Watching commits. */
abstract class WatchContract extends StoreContract {

    /** Longer than any event takes that comes. */
    private static final Duration LONG = Duration.ofSeconds(20);

    /** For an event that must not come: what would bring it has happened before. */
    private static final Duration SHORT = Duration.ofMillis(30);

    @BeforeEach
    final void onlyWhereWatchesAre() {
        assumeTrue(store.capabilities().of(Capability.WATCH) != Support.NONE, "this store has no watches");
    }

    @Test
    void aCommitIsReportedWholeWithBeforeAndAfter() throws Exception {
        store.in(WORDS).put("changed", "old");
        store.in(WORDS).put("deleted", "old");
        Instant earliest = Instant.now().minusSeconds(1);
        try (Watch watch = store.watch(WatchOptions.of(WORDS))) {
            store.update(tx -> {
                tx.in(WORDS).put("changed", "new");
                tx.in(WORDS).delete("deleted");
                tx.in(WORDS).put("added", "new");
            });

            Committed event = committed(watch);
            assertThat(event.revision()).isEqualTo(store.revision());
            assertThat(event.at()).isBetween(earliest, Instant.now());
            assertThat(event.changes())
                    .containsExactly(
                            new Change<>(WORDS, Kind.PUT, "added", null, "new"),
                            new Change<>(WORDS, Kind.PUT, "changed", "old", "new"),
                            new Change<>(WORDS, Kind.DELETE, "deleted", "old", null));
        }
    }

    @Test
    void onlyTheNetEffectOfACommitIsReported() throws Exception {
        store.in(WORDS).put("a", "0");
        try (Watch watch = store.watch(WatchOptions.of(WORDS))) {
            store.update(tx -> {
                tx.in(WORDS).put("a", "1");
                tx.in(WORDS).put("a", "2");
                tx.in(WORDS).put("b", "passing by");
                tx.in(WORDS).delete("b");
            });

            assertThat(committed(watch).changes()).containsExactly(new Change<>(WORDS, Kind.PUT, "a", "0", "2"));
        }
    }

    @Test
    void aCommitThatLeavesNothingDifferentIsNoEvent() throws Exception {
        try (Watch watch = store.watch(WatchOptions.all())) {
            store.update(tx -> {
                tx.in(WORDS).put("a", "1");
                tx.in(WORDS).delete("a");
            });
            store.in(WORDS).put("b", "2");

            assertThat(keys(committed(watch))).containsExactly("b");
        }
    }

    @Test
    void aPutOfAnEqualValueIsAChange() throws Exception {
        store.in(WORDS).put("a", "1");
        try (Watch watch = store.watch(WatchOptions.of(WORDS))) {
            store.in(WORDS).put("a", "1");

            assertThat(committed(watch).changes()).containsExactly(new Change<>(WORDS, Kind.PUT, "a", "1", "1"));
        }
    }

    @Test
    void onlyTheTableAndTheRangeAreReported() throws Exception {
        try (Watch watch = store.watch(WatchOptions.of(WORDS).range(KeyRange.prefix("b")));
                Watch other = store.watch(WatchOptions.of(BLOBS))) {
            store.in(WORDS).put("a", "outside");
            store.in(BLOBS).put(1L, new byte[1]);
            store.in(WORDS).putAll(Map.of("a", "1", "b", "2", "b2", "3", "c", "4"));

            assertThat(keys(committed(watch))).containsExactly("b", "b2");
            assertThat(keys(committed(other))).containsExactly(1L);
            assertThat(other.next(SHORT)).isNull();
        }
    }

    @Test
    void aWatchOfARangeWithoutKeysIsToldNothing() throws Exception {
        for (KeyRange<String> nothing : List.of(KeyRange.open("b", "b"), KeyRange.closedOpen("b", "b"))) {
            try (Watch watch = store.watch(WatchOptions.of(WORDS).range(nothing));
                    Watch past =
                            store.watch(WatchOptions.of(WORDS).range(nothing).from(0))) {
                store.in(WORDS).putAll(Map.of("a", "1", "b", "2", "b\u0000", "3", "c", "4"));
                store.in(WORDS).put("b", "5");
                assertThat(watch.next(SHORT)).isNull();
                try (Watch witness = store.watch(WatchOptions.of(WORDS))) {
                    store.in(WORDS).put("b", "6");
                    assertThat(keys(committed(witness))).containsExactly("b");
                }

                assertThat(watch.next(Duration.ZERO)).isNull();
                assertThat(past.next(SHORT)).isNull();
            }
        }
    }

    @Test
    void overlappingWatchesAreEachTold() throws Exception {
        try (Watch all = store.watch(WatchOptions.all());
                Watch table = store.watch(WatchOptions.of(WORDS));
                Watch low = store.watch(WatchOptions.of(WORDS).range(KeyRange.lessThan("m")));
                Watch one = store.watch(WatchOptions.of(WORDS).range(KeyRange.exactly("k")))) {
            store.in(WORDS).put("k", "1");
            store.in(WORDS).put("z", "2");
            store.in(WORDS).put("a", "3");

            assertThat(revisions(all, 3)).containsExactly(1L, 2L, 3L);
            assertThat(revisions(table, 3)).containsExactly(1L, 2L, 3L);
            assertThat(revisions(low, 2)).containsExactly(1L, 3L);
            assertThat(revisions(one, 1)).containsExactly(1L);
        }
    }

    @Test
    void aWatchOfEverythingMissesNothingBesideOneOfARange() throws Exception {
        try (Watch all = store.watch(WatchOptions.all());
                Watch middle = store.watch(WatchOptions.of(WORDS).range(KeyRange.closed("m", "n")))) {
            store.in(WORDS).putAll(Map.of("a", "1", "m", "2", "z", "3"));

            assertThat(keys(committed(all))).containsExactly("a", "m", "z");
            assertThat(keys(committed(middle))).containsExactly("m");
        }
    }

    @Test
    void indexesAreNotReported() throws Exception {
        try (Watch watch = store.watch(WatchOptions.all())) {
            put(Person.of("ann", "Oslo", "x", "y"));

            Committed event = committed(watch);
            assertThat(event.changes()).singleElement().satisfies(change -> {
                assertThat(change.table()).isSameAs(PEOPLE);
                assertThat(change.after()).isEqualTo(Person.of("ann", "Oslo", "x", "y"));
            });
        }
    }

    @Test
    void aTableThatWasNeverNamedAppearsAsBytes() throws Exception {
        Table<String, String> odd = Table.of("odd/50% name", Keys.string(), Values.string());
        store.in(odd).put("k", "v");
        reopen();
        try (Watch watch = store.watch(WatchOptions.all().from(0))) {
            WatchEvent first = watch.next(LONG);

            assertThat(first)
                    .isInstanceOfSatisfying(
                            Committed.class,
                            event -> assertThat(event.changes()).singleElement().satisfies(change -> {
                                assertThat(change.table().name()).isEqualTo("odd/50% name");
                                assertThat(change.key()).isEqualTo(new byte[] {'k'});
                                assertThat(change.after()).isEqualTo(new byte[] {'v'});
                            }));
        }
    }

    @Test
    void aWatchBeginsBehindItsRevision() throws Exception {
        store.in(WORDS).put("a", "1");
        try (Snapshot snapshot = store.snapshot()) {
            store.in(WORDS).put("b", "2");
            store.in(WORDS).put("c", "3");

            try (Watch watch = store.watch(WatchOptions.of(WORDS).from(snapshot.revision()))) {
                Committed first = committed(watch);
                assertThat(keys(first)).containsExactly("b");
                assertThat(keys(committed(watch))).containsExactly("c");
                store.in(WORDS).put("d", "4");
                assertThat(keys(committed(watch))).containsExactly("d");
                assertThat(watch.next(SHORT)).isNull();

                try (Watch resumed = store.watch(WatchOptions.of(WORDS).from(first.revision()))) {
                    assertThat(revisions(resumed, 2)).containsExactly(first.revision() + 1, first.revision() + 2);
                }
            }
        }
    }

    @Test
    void catchingUpIsNotBoundedByTheBuffer() throws Exception {
        for (int i = 1; i <= 100; i++) {
            store.in(WORDS).put("k" + i, "v");
        }
        try (Watch watch = store.watch(WatchOptions.of(WORDS).from(0).buffer(2))) {
            assertThat(revisions(watch, 100)).first().isEqualTo(1L);
        }
    }

    @Test
    void aSlowConsumerIsToldWhatItMissed() throws Exception {
        try (Watch watch = store.watch(WatchOptions.of(WORDS).buffer(3));
                Watch witness = store.watch(WatchOptions.all())) {
            for (int i = 1; i <= 10; i++) {
                store.in(WORDS).put("k", "" + i);
            }
            store.in(BLOBS).put(1L, new byte[1]);
            // Who is told of a commit first is open; but whoever is told of one, everybody was told of those before it.
            revisions(witness, 11);

            assertThat(revisions(watch, 3)).containsExactly(1L, 2L, 3L);
            assertThat(watch.next(LONG)).isEqualTo(new Gap(3, 11));
            assertThat(watch.next(SHORT)).isNull();
            store.in(WORDS).put("k", "12");
            assertThat(revisions(watch, 1)).containsExactly(12L);
        }
    }

    @Test
    void aWatchFromBeforeTheHistoryIsToldSoAndGoesOn() throws Exception {
        reopen(Options.defaults().history(5));
        for (int i = 1; i <= 20; i++) {
            store.in(WORDS).put("k" + i, "v");
        }
        try (Watch watch = store.watch(WatchOptions.of(WORDS).from(2))) {
            assertThat(watch.next(LONG)).isEqualTo(new Gap(2, 16));
            assertThat(revisions(watch, 5)).containsExactly(16L, 17L, 18L, 19L, 20L);
            store.in(WORDS).put("k21", "v");
            assertThat(revisions(watch, 1)).containsExactly(21L);
        }
    }

    @Test
    void aGapWhileCatchingUpTellsTheLastEvent() throws Exception {
        reopen(Options.defaults().history(5));
        for (int i = 1; i <= 3; i++) {
            store.in(WORDS).put("k", "" + i);
        }
        try (Watch watch = store.watch(WatchOptions.of(WORDS).from(0))) {
            assertThat(revisions(watch, 1)).containsExactly(1L);
            for (int i = 4; i <= 20; i++) {
                store.in(WORDS).put("k", "" + i);
            }

            assertThat(watch.next(LONG)).isEqualTo(new Gap(1, 16));
        }
    }

    @Test
    void anEventTellsWhenItsCommitWasMade() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        reopen(Options.defaults().clock(now::get));
        try (Watch live = store.watch(WatchOptions.of(WORDS))) {
            for (int minute = 0; minute < 3; minute++) {
                store.in(WORDS).put("k", "" + minute);
                now.updateAndGet(instant -> instant.plusSeconds(60));
            }

            try (Watch late = store.watch(WatchOptions.of(WORDS).from(0))) {
                for (Watch watch : List.of(live, late)) {
                    assertThat(committed(watch).at()).isEqualTo("2026-01-01T00:00:00Z");
                    assertThat(committed(watch).at()).isEqualTo("2026-01-01T00:01:00Z");
                    assertThat(committed(watch).at()).isEqualTo("2026-01-01T00:02:00Z");
                }
            }
        }
    }

    @Test
    void aWatchGoesOnBehindAReopening() throws Exception {
        for (int i = 1; i <= 10; i++) {
            store.in(WORDS).put("k", "" + i);
        }

        reopen();

        try (Watch watch = store.watch(WatchOptions.of(WORDS).from(4))) {
            Committed first = committed(watch);
            assertThat(first.revision()).isEqualTo(5);
            assertThat(first.changes()).containsExactly(new Change<>(WORDS, Kind.PUT, "k", "4", "5"));
            assertThat(revisions(watch, 5)).containsExactly(6L, 7L, 8L, 9L, 10L);
        }
    }

    @Test
    void whatIsSweptIsReportedAsExpired() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        reopen(Options.defaults().clock(now::get));
        Expiry soon = Expiry.after(Duration.ofMinutes(1));
        store.in(WORDS).put("kept", "1");
        store.in(WORDS).put("swept", "2", soon);
        store.in(WORDS).put("swept too", "3", soon);
        try (Watch watch = store.watch(WatchOptions.of(WORDS))) {
            now.updateAndGet(instant -> instant.plusSeconds(60));
            store.admin().sweep();

            assertThat(committed(watch).changes())
                    .containsExactly(
                            new Change<>(WORDS, Kind.EXPIRE, "swept", "2", null),
                            new Change<>(WORDS, Kind.EXPIRE, "swept too", "3", null));
        }
    }

    @Test
    void anotherDeadlineIsAChange() throws Exception {
        store.in(WORDS).put("a", "1");
        try (Watch watch = store.watch(WatchOptions.of(WORDS))) {
            store.in(WORDS).touch("a", Expiry.after(Duration.ofDays(1)));

            assertThat(committed(watch).changes()).containsExactly(new Change<>(WORDS, Kind.PUT, "a", "1", "1"));
        }
    }

    @Test
    void nextReturnsNullWhenTheTimeIsUp() throws Exception {
        try (Watch watch = store.watch(WatchOptions.of(WORDS))) {
            assertThat(watch.next(Duration.ZERO)).isNull();
            assertThat(watch.next(Duration.ofSeconds(-1))).isNull();
            assertThat(watch.next(Duration.ofMillis(1))).isNull();
            assertThat(watch.next(Duration.ofSeconds(Long.MIN_VALUE))).isNull();
            store.in(WORDS).put("a", "1");
            assertThat(watch.next(Duration.ofSeconds(Long.MAX_VALUE))).isNotNull();
        }
    }

    @Test
    void anInterruptEndsTheWaiting() throws Exception {
        try (Watch watch = store.watch(WatchOptions.of(WORDS))) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> watch.next(LONG)).isInstanceOf(InterruptedException.class);

            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    void closingAWatchWakesWhoWaits() throws Exception {
        Watch watch = store.watch(WatchOptions.of(WORDS));
        CompletableFuture<Throwable> outcome = waiting(watch);

        watch.close();
        watch.close();

        assertThat(outcome.get()).isInstanceOf(KvException.Closed.class);
        assertThatThrownBy(() -> watch.next(LONG))
                .isInstanceOf(KvException.Closed.class)
                .hasMessageContaining("watch");
        store.in(WORDS).put("a", "1");
    }

    @Test
    void closingTheStoreWakesWhoWaits() throws Exception {
        try (Watch watch = store.watch(WatchOptions.of(WORDS))) {
            CompletableFuture<Throwable> outcome = waiting(watch);

            store.close();

            assertThat(outcome.get()).isInstanceOf(KvException.Closed.class);
            assertThatThrownBy(() -> watch.next(LONG))
                    .isInstanceOf(KvException.Closed.class)
                    .hasMessageContaining("store");
        }
    }

    @Test
    void whatCannotBeWatchedIsRefused() {
        assertThatThrownBy(() -> store.watch(WatchOptions.all().from(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("revision 1");
        assertThatThrownBy(() -> WatchOptions.all().from(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WatchOptions.of(WORDS).buffer(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WatchOptions.all().range(KeyRange.exactly("a")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.watch(WatchOptions.of(WORDS).range(KeyRange.exactly(1L))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("words");
        assertThatThrownBy(() -> store.watch(WatchOptions.of(WORDS).range(KeyRange.closed("b", "a"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCodecThatFailsCostsOneEventOnly() throws Exception {
        Table<String, String> touchy =
                Table.of("touchy", Keys.string(), Values.of("touchy", String::getBytes, bytes -> {
                    String text = new String(bytes);
                    if (text.equals("bad")) {
                        throw new IllegalStateException("cannot be read");
                    }
                    return text;
                }));
        try (Watch watch = store.watch(WatchOptions.of(touchy));
                Watch other = store.watch(WatchOptions.of(WORDS))) {
            store.update(tx -> tx.in(touchy).put("a", "bad"));
            store.update(tx -> tx.in(touchy).put("b", "good"));
            store.in(WORDS).put("c", "1");

            assertThatThrownBy(() -> watch.next(LONG)).isInstanceOf(KvException.CodecFailure.class);
            assertThat(keys(committed(watch))).containsExactly("b");
            assertThat(keys(committed(other))).containsExactly("c");
        }
    }

    @Test
    void anEventIsVisibleWhenItArrives() throws Exception {
        try (Watch watch = store.watch(WatchOptions.of(WORDS))) {
            CompletableFuture<Void> writer = CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < 200; i++) {
                            store.in(WORDS).put("k", "" + i);
                        }
                    },
                    command -> new Thread(command).start());
            for (int i = 1; i <= 200; i++) {
                Committed event = committed(watch);
                assertThat(event.revision()).isEqualTo(i);
                assertThat(store.revision()).isGreaterThanOrEqualTo(i);
            }
            writer.get();
        }
    }

    private static CompletableFuture<Throwable> waiting(Watch watch) throws InterruptedException {
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        new Thread(() -> {
                    begun.countDown();
                    try {
                        watch.next(LONG);
                        outcome.completeExceptionally(new AssertionError("no failure"));
                    } catch (Throwable failed) {
                        outcome.complete(failed);
                    }
                })
                .start();
        begun.await();
        return outcome;
    }

    private static Committed committed(Watch watch) throws InterruptedException {
        WatchEvent event = watch.next(LONG);
        assertThat(event).isInstanceOf(Committed.class);
        return (Committed) event;
    }

    private static List<Long> revisions(Watch watch, int count) throws InterruptedException {
        List<Long> revisions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            revisions.add(committed(watch).revision());
        }
        return revisions;
    }

    private static List<@Nullable Object> keys(Committed event) {
        return event.changes().stream().<@Nullable Object>map(Change::key).toList();
    }
}
