// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Change;
import io.github.kvist.api.Change.Kind;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
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
import org.junit.jupiter.api.Test;

/** Watching commits. */
@Needs(Capability.WATCH)
abstract class WatchContract extends StoreContract {

    /** Longer than any event takes that comes. */
    private static final Duration LONG = Duration.ofSeconds(20);

    private static final Instant START = Instant.parse("2040-01-01T00:00:00Z");

    /** For an event that must not come: what would bring it has happened before. */
    private static final Duration SHORT = Duration.ofMillis(30);

    @Test
    void aCommitIsReportedWholeWithBeforeAndAfter() throws Exception {
        store.in(WORDS).put("changed", "old");
        store.in(WORDS).put("deleted", "old");
        try (Watch watch = store.watch(WatchOptions.of(WORDS))) {
            store.update(tx -> {
                tx.in(WORDS).put("changed", "new");
                tx.in(WORDS).delete("deleted");
                tx.in(WORDS).put("added", "new");
            });

            Committed event = committed(watch);
            assertThat(event.revision()).isEqualTo(store.revision());
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
    @Needs(Capability.WATCH_RESUME)
    void aWatchOfARangeWithoutKeysIsToldNothing() throws Exception {
        for (KeyRange<String> nothing : List.of(KeyRange.open("b", "b"), KeyRange.closedOpen("b", "b"))) {
            try (Watch watch = store.watch(WatchOptions.of(WORDS).range(nothing));
                    Watch past =
                            store.watch(WatchOptions.of(WORDS).range(nothing).from(store.revision()))) {
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
            long k = put("k");
            long z = put("z");
            long a = put("a");

            assertThat(revisions(all, 3)).containsExactly(k, z, a);
            assertThat(revisions(table, 3)).containsExactly(k, z, a);
            assertThat(revisions(low, 2)).containsExactly(k, a);
            assertThat(revisions(one, 1)).containsExactly(k);
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
    @Needs(Capability.WATCH_RESUME)
    void aTableThatWasNeverNamedAppearsAsBytes() throws Exception {
        Table<String, String> odd = Table.of("odd/50% name", Keys.string(), Values.string());
        long before = store.revision();
        store.in(odd).put("k", "v");
        reopen();
        try (Watch watch = store.watch(WatchOptions.all().from(before))) {
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
    @Needs(Capability.WATCH_RESUME)
    void aWatchBeginsBehindItsRevision() throws Exception {
        long a = put("a");
        long b = put("b");
        long c = put("c");
        try (Watch watch = store.watch(WatchOptions.of(WORDS).from(a))) {
            assertThat(revisions(watch, 2)).containsExactly(b, c);
            long d = put("d");
            assertThat(revisions(watch, 1)).containsExactly(d);
            assertThat(watch.next(SHORT)).isNull();

            try (Watch resumed = store.watch(WatchOptions.of(WORDS).from(b))) {
                assertThat(revisions(resumed, 2)).containsExactly(c, d);
            }
        }
    }

    @Test
    @Needs(Capability.WATCH_RESUME)
    void catchingUpIsNotBoundedByTheBuffer() throws Exception {
        long before = store.revision();
        List<Long> puts = puts(100);
        try (Watch watch = store.watch(WatchOptions.of(WORDS).from(before).buffer(2))) {
            assertThat(revisions(watch, 100)).isEqualTo(puts);
        }
    }

    @Test
    void aSlowConsumerLosesNothingSilently() throws Exception {
        try (Watch watch = store.watch(WatchOptions.of(WORDS).buffer(3));
                Watch witness = store.watch(WatchOptions.all())) {
            long before = store.revision();
            List<Long> puts = puts(10);
            store.in(BLOBS).put(1L, new byte[1]);
            // Who is told of a commit first is open; but whoever is told of one, everybody was told of those before it.
            revisions(witness, 11);

            assertThat(told(watch, before, puts)).startsWith(puts.get(0), puts.get(1), puts.get(2));

            long later = put("later");
            assertThat(revisions(watch, 1)).containsExactly(later);
        }
    }

    @Test
    @Needs(Capability.WATCH_RESUME)
    void aWatchFromBeforeTheHistoryIsToldSoAndGoesOn() throws Exception {
        reopen(Options.defaults().history(5));
        long before = store.revision();
        List<Long> puts = puts(20);
        try (Watch watch = store.watch(WatchOptions.of(WORDS).from(before))) {
            assertThat(told(watch, before, puts)).endsWith(puts.subList(15, 20).toArray(new Long[0]));

            long later = put("later");
            assertThat(revisions(watch, 1)).containsExactly(later);
        }
    }

    @Test
    @Needs(Capability.WATCH_RESUME)
    void aGapWhileCatchingUpTellsTheLastEvent() throws Exception {
        reopen(Options.defaults().history(5));
        long before = store.revision();
        List<Long> early = puts(3);
        try (Watch watch = store.watch(WatchOptions.of(WORDS).from(before))) {
            assertThat(revisions(watch, 1)).containsExactly(early.get(0));

            List<Long> rest = new ArrayList<>(early.subList(1, 3));
            rest.addAll(puts(17));

            assertThat(told(watch, early.get(0), rest))
                    .endsWith(rest.subList(14, 19).toArray(new Long[0]));
        }
    }

    @Test
    @Needs(Capability.WATCH_RESUME)
    void anEventTellsWhenItsCommitWasMade() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(START);
        reopen(Options.defaults().clock(now::get));
        long before = store.revision();
        try (Watch live = store.watch(WatchOptions.of(WORDS))) {
            for (int minute = 0; minute < 3; minute++) {
                store.in(WORDS).put("k", "" + minute);
                now.updateAndGet(instant -> instant.plusSeconds(60));
            }

            try (Watch late = store.watch(WatchOptions.of(WORDS).from(before))) {
                for (Watch watch : List.of(live, late)) {
                    assertThat(committed(watch).at()).isEqualTo(START);
                    assertThat(committed(watch).at()).isEqualTo(START.plusSeconds(60));
                    assertThat(committed(watch).at()).isEqualTo(START.plusSeconds(120));
                }
            }
        }
    }

    @Test
    @Needs(Capability.WATCH_RESUME)
    void aWatchGoesOnBehindAReopening() throws Exception {
        List<Long> puts = puts(10);

        reopen();

        try (Watch watch = store.watch(WatchOptions.of(WORDS).from(puts.get(3)))) {
            Committed first = committed(watch);
            assertThat(first.revision()).isEqualTo(puts.get(4));
            assertThat(first.changes()).containsExactly(new Change<>(WORDS, Kind.PUT, "k", "4", "5"));
            assertThat(revisions(watch, 5)).isEqualTo(puts.subList(5, 10));
        }
    }

    @Test
    @Needs(Capability.EXPIRY)
    void whatIsSweptIsReportedAsExpired() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(START);
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
    @Needs(Capability.EXPIRY)
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
        long future = store.revision() + 1;
        assertThatThrownBy(() -> store.watch(WatchOptions.all().from(future)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("revision " + future);
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
            for (int i = 0; i < 200; i++) {
                Committed event = committed(watch);
                assertThat(store.revision()).isGreaterThanOrEqualTo(event.revision());
                assertThat(store.in(WORDS).get("k").map(Integer::valueOf))
                        .hasValueSatisfying(newest -> assertThat(newest).isGreaterThanOrEqualTo(Integer.valueOf((String)
                                event.changes().get(0).after())));
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

    /** Puts one word and returns the revision of it. */
    private long put(String key) {
        store.in(WORDS).put(key, "v");
        return store.revision();
    }

    /** Puts the values from 1 on under one key and returns the revision of each. */
    private List<Long> puts(int count) {
        List<Long> revisions = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            store.in(WORDS).put("k", "" + i);
            revisions.add(store.revision());
        }
        return revisions;
    }

    /** Takes all events that are due, out of {@code commits}; a commit that is not among them must lie in a gap that was told. */
    private static List<Long> told(Watch watch, long from, List<Long> commits) throws InterruptedException {
        List<Long> told = new ArrayList<>();
        long last = from;
        long skippedTo = from;
        long newest = commits.get(commits.size() - 1);
        while (last < newest && skippedTo <= newest) {
            WatchEvent event = watch.next(LONG);
            if (event instanceof Gap gap) {
                assertThat(gap.lastSeen()).isEqualTo(last);
                assertThat(gap.oldestAvailable()).isGreaterThan(last);
                skippedTo = gap.oldestAvailable();
            } else {
                long behind = last;
                long available = skippedTo;
                last = ((Committed) event).revision();
                told.add(last);
                assertThat(commits.stream().filter(commit -> commit > behind && commit >= available))
                        .first()
                        .isEqualTo(last);
            }
        }
        return told;
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
