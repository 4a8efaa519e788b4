// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Change;
import io.github.kvist.api.Entry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent;
import io.github.kvist.api.WatchEvent.Committed;
import io.github.kvist.api.WatchEvent.Gap;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.HeapStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The events of a watch, applied to the snapshot that it began with, are the store: at every revision. */
class WatchStreamTest {

    private static final Table<Long, String> LEFT = Table.of("left", Keys.int64(), Values.string());
    private static final Table<Long, String> RIGHT = Table.of("right", Keys.int64(), Values.string());
    private static final int KEYS = 24;
    private static final int WRITERS = 4;
    private static final int COMMITS = 110_000;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final KeyRange<Long> MIDDLE = KeyRange.closedOpen(8L, 16L);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @Test
    void eventsAppliedToTheFirstSnapshotAreTheStoreAtEveryRevision() throws Exception {
        try (KvStore store = Kvist.open("memory:", Options.defaults().history(10L * COMMITS))) {
            Future<List<Committed>> steady =
                    threads.submit(steadily(store, WatchOptions.all().buffer(2 * COMMITS)));
            Future<List<Committed>> range = threads.submit(
                    steadily(store, WatchOptions.of(LEFT).range(MIDDLE).buffer(2 * COMMITS)));
            Future<List<Committed>> resumed = threads.submit(resuming(store));
            Future<Integer> slow = threads.submit(slowly(store));
            List<Future<Void>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(threads.submit(writing(store, i)));
            }
            for (Future<Void> writer : writers) {
                writer.get();
            }
            store.in(RIGHT).put((long) KEYS, "end");

            assertThat(store.revision()).isGreaterThan(100_000);
            List<Committed> events = steady.get();
            compareWithEveryRevision(store, events, key -> true);
            assertThat(resumed.get()).isEqualTo(events);
            compareWithEveryRevision(store, range.get(), key -> key >= 8 && key < 16);
            assertThat(slow.get()).as("gaps of the slow consumer").isPositive();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aWatchResumesAcrossReopenings() throws Exception {
        HeapStorage storage = new HeapStorage();
        Random random = new Random(7);
        Replica replica = new Replica(key -> true);
        for (int round = 0; round < 30; round++) {
            storage = storage.afterCrash();
            try (KvStore store = Kvist.open(storage, Options.defaults())) {
                assertThat(List.of(store.in(LEFT), store.in(RIGHT)))
                        .hasSize(2); // named, so that changes have their types
                try (Watch watch = store.watch(WatchOptions.all().from(replica.revision))) {
                    for (int i = 0; i < 60; i++) {
                        commit(store, random);
                        if (random.nextInt(3) > 0 && watch.next(Duration.ofMillis(1)) instanceof Committed event) {
                            replica.apply(event);
                        }
                    }
                }
                try (Snapshot seen = store.snapshotAt(replica.revision)) {
                    replica.compareWith(seen);
                }
            }
        }
        assertThat(replica.revision).isGreaterThan(500);
    }

    /** Everything up to the last commit, from one watch. */
    private static Callable<List<Committed>> steadily(KvStore store, WatchOptions options) {
        Watch watch = store.watch(options.from(0));
        Watch end = store.watch(WatchOptions.of(RIGHT).range(KeyRange.exactly((long) KEYS)));
        return () -> {
            List<Committed> events = new ArrayList<>();
            try (watch;
                    end) {
                WatchEvent last = null;
                while (true) {
                    WatchEvent event = watch.next(Duration.ofMillis(5));
                    if (event != null) {
                        assertThat(event).isInstanceOf(Committed.class);
                        events.add((Committed) event);
                    } else if (last != null) {
                        return events;
                    } else {
                        last = end.next(Duration.ZERO);
                    }
                }
            }
        };
    }

    /** Everything up to the last commit, from many watches, each of which goes on behind the last event of the one before. */
    private static Callable<List<Committed>> resuming(KvStore store) {
        return () -> {
            Random random = new Random(3);
            List<Committed> events = new ArrayList<>();
            long last = 0;
            while (true) {
                try (Watch watch = store.watch(WatchOptions.all().from(last).buffer(2 * COMMITS))) {
                    for (int more = random.nextInt(400); more >= 0; more--) {
                        Committed event = (Committed) watch.next(LONG);
                        events.add(event);
                        last = event.revision();
                        if (isEnd(event)) {
                            return events;
                        }
                    }
                }
            }
        };
    }

    /** A replica that reads again behind each gap; how many gaps there were. */
    private static Callable<Integer> slowly(KvStore store) {
        Watch watch = store.watch(WatchOptions.all().buffer(16));
        return () -> {
            int gaps = 0;
            Random random = new Random(5);
            Replica replica = new Replica(key -> true);
            try (watch) {
                while (true) {
                    WatchEvent event = watch.next(LONG);
                    if (event instanceof Gap gap) {
                        gaps++;
                        assertThat(gap.lastSeen()).isEqualTo(replica.lastEvent);
                        assertThat(gap.oldestAvailable()).isGreaterThan(gap.lastSeen() + 1);
                        try (Snapshot snapshot = store.snapshot()) {
                            assertThat(snapshot.revision()).isGreaterThanOrEqualTo(gap.oldestAvailable() - 1);
                            replica.startFrom(snapshot);
                        }
                    } else if (event instanceof Committed commit) {
                        replica.lastEvent = commit.revision();
                        if (commit.revision() > replica.revision) {
                            replica.apply(commit);
                            if (random.nextInt(20) == 0) {
                                try (Snapshot same = store.snapshotAt(commit.revision())) {
                                    replica.compareWith(same);
                                }
                            }
                        }
                    }
                    if (replica.isAtEnd()) {
                        try (Snapshot last = store.snapshot()) {
                            replica.compareWith(last);
                        }
                        return gaps;
                    }
                }
            }
        };
    }

    private static boolean isEnd(Committed event) {
        return event.changes().stream().anyMatch(change -> change.key().equals((long) KEYS));
    }

    private static Callable<Void> writing(KvStore store, int seed) {
        return () -> {
            Random random = new Random(seed);
            for (int i = 0; i < COMMITS / WRITERS; i++) {
                commit(store, random);
            }
            return null;
        };
    }

    private static void commit(KvStore store, Random random) {
        long key = random.nextInt(KEYS);
        String value = "v" + random.nextInt(5);
        Table<Long, String> table = random.nextBoolean() ? LEFT : RIGHT;
        switch (random.nextInt(8)) {
            case 0 -> store.in(table).delete(key);
            case 1 ->
                store.update(tx -> {
                    tx.in(LEFT).put(key, value);
                    tx.in(RIGHT).put(key, value);
                    tx.in(RIGHT).delete(KEYS - 1 - key);
                });
            case 2 ->
                store.update(tx -> {
                    tx.in(table).put(key, "passing by");
                    tx.in(table).put(key, value);
                });
            case 3 -> store.in(table).deleteRange(KeyRange.closed(key, key + 3));
            case 4 ->
                store.update(tx -> {
                    TableWriter<Long, String> both = tx.in(table);
                    both.put(key, value);
                    both.delete(key);
                });
            default -> store.in(table).put(key, value);
        }
    }

    private static void compareWithEveryRevision(KvStore store, List<Committed> events, Predicate<Long> watched) {
        Replica replica = new Replica(watched);
        int next = 0;
        for (long revision = 0; revision <= store.revision(); revision++) {
            if (next < events.size() && events.get(next).revision() == revision) {
                replica.apply(events.get(next++));
            }
            try (Snapshot snapshot = store.snapshotAt(revision)) {
                replica.compareWith(snapshot);
            }
        }
        assertThat(next).isEqualTo(events.size());
    }

    /** What a consumer knows of the store. */
    private static final class Replica {
        private final Predicate<Long> watched;
        private final TreeMap<Long, String> left = new TreeMap<>();
        private final TreeMap<Long, String> right = new TreeMap<>();
        private long revision;
        private long lastEvent;

        Replica(Predicate<Long> watched) {
            this.watched = watched;
        }

        void apply(Committed event) {
            assertThat(event.revision()).isGreaterThan(revision);
            assertThat(event.changes()).isNotEmpty();
            revision = event.revision();
            for (Change<?, ?> change : event.changes()) {
                TreeMap<Long, String> table = change.table() == LEFT ? left : right;
                Long key = (Long) change.key();
                String after = (String) change.after();
                Object before = after == null ? table.remove(key) : table.put(key, after);
                if (!Objects.equals(before, change.before())) {
                    throw new AssertionError(event + " comes upon " + before);
                }
            }
        }

        void startFrom(Snapshot snapshot) {
            left.clear();
            right.clear();
            for (Entry<Long, String> entry : snapshot.in(LEFT).scan()) {
                left.put(entry.key(), entry.value());
            }
            for (Entry<Long, String> entry : snapshot.in(RIGHT).scan()) {
                right.put(entry.key(), entry.value());
            }
            revision = snapshot.revision();
        }

        boolean isAtEnd() {
            return right.containsKey((long) KEYS);
        }

        void compareWith(ReadTransaction state) {
            compare(left, state, LEFT);
            // A watch of a part is one of the left table.
            if (watched.test(0L)) {
                compare(right, state, RIGHT);
            }
        }

        private void compare(TreeMap<Long, String> replica, ReadTransaction state, Table<Long, String> table) {
            TreeMap<Long, String> there = new TreeMap<>();
            for (Entry<Long, String> entry : state.in(table).scan()) {
                if (watched.test(entry.key())) {
                    there.put(entry.key(), entry.value());
                }
            }
            if (!there.equals(replica)) {
                throw new AssertionError(state + ", " + table + ": " + there + ", by its events " + replica);
            }
        }
    }
}
