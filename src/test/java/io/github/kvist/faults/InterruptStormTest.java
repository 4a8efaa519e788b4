// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Change;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threads that write, read, watch, make checkpoints, and open and close stores are interrupted every few milliseconds. Nothing that
 * returned is lost, nothing happens twice, the interrupt is still there for its owner, and the store never notices.
 */
@Tag("campaign")
@Timeout(300)
final class InterruptStormTest {

    private static final long STORM_NANOS = Scale.pick(2, 20, 3_600) * 1_000_000_000L;
    private static final int WRITERS = 3;
    private static final int KEYS = 300;

    private static final Index<String, Long> BY_TENTH =
            Index.of("by_tenth", Keys.int64(), value -> Long.parseLong(value) % 10);
    private static final Table<Long, String> NUMBERS =
            Table.of("numbers", Keys.int64(), Values.string()).with(BY_TENTH);
    private static final Table<String, Long> COUNTS = Table.of("counts", Keys.string(), Values.int64());

    @TempDir
    private Path directory;

    private final Campaign campaign = new Campaign("interrupt storm");
    private final AtomicReference<Throwable> violation = new AtomicReference<>();
    private volatile boolean stop;

    private interface Work {
        /** Once; ends by itself, interrupted or not. */
        void once(long time) throws Exception;
    }

    @Test
    void losesNoCommitAndHarmsNothing() throws Exception {
        Path home = directory.resolve("store");
        long[] done = new long[WRITERS];
        KvStore store = Shop.open(home);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            threads.add(start("writer", time -> {
                write(store, writer, time);
                done[writer] = time;
                campaign.count("commits");
            }));
        }
        threads.add(start("reader", time -> read(store)));
        threads.add(start("checkpointer", time -> checkpoint(store)));
        threads.add(start("closer", this::openAndClose));
        long[] seen = new long[WRITERS];
        Watch watch = store.watch(WatchOptions.of(COUNTS));
        threads.add(start("watcher", time -> watch(watch, seen)));

        storm(threads);

        for (Thread thread : threads) {
            thread.join();
        }
        if (violation.get() != null) {
            throw new AssertionError(violation.get());
        }
        awaitAll(watch, seen, done);
        watch.close();
        check(store, done);
        store.close();
        try (KvStore reopened = Shop.open(home)) {
            assertThat(reopened.admin().recovery().clean()).isTrue();
            check(reopened, done);
        }
        campaign.atLeast("commits", 50).atLeast("interrupts", 100).end();
    }

    private Thread start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        for (long time = 1; !stop; time++) {
                            work.once(time);
                        }
                    } catch (Throwable failed) {
                        violation.compareAndSet(null, new AssertionError(name + " failed", failed));
                    }
                },
                name);
        thread.start();
        return thread;
    }

    private void storm(List<Thread> threads) {
        Random random = new Random(4);
        long end = System.nanoTime() + STORM_NANOS;
        while (System.nanoTime() < end && violation.get() == null) {
            threads.get(random.nextInt(threads.size())).interrupt();
            campaign.count("interrupts");
            LockSupport.parkNanos(random.nextInt(2_000_000));
        }
        stop = true;
    }

    /** An interrupt that came before or during a call is not lost in it, and makes nothing fail. */
    private void keepingInterrupts(Runnable call) {
        boolean before = Thread.currentThread().isInterrupted();
        call.run();
        boolean after = Thread.currentThread().isInterrupted();
        if (before && !after) {
            throw new AssertionError("the interrupt is gone");
        }
        if (after) {
            campaign.count("calls that were interrupted");
        }
        Thread.interrupted();
    }

    private void write(KvStore store, int writer, long time) {
        if (time % 4 == 0) {
            Thread.currentThread().interrupt(); // from the first instruction on
        }
        keepingInterrupts(() -> store.update(transaction -> {
            transaction.in(NUMBERS).put(writer * KEYS + time % KEYS, String.valueOf(time));
            transaction.in(COUNTS).compute("writer " + writer, count -> count == null ? 1L : count + 1);
        }));
    }

    private void read(KvStore store) {
        keepingInterrupts(() -> {
            try (Snapshot snapshot = store.snapshot();
                    Stream<Entry<Long, String>> entries = snapshot.in(NUMBERS).scan().stream()) {
                long byIndex = 0;
                for (long tenth = 0; tenth < 10; tenth++) {
                    byIndex += snapshot.in(NUMBERS).by(BY_TENTH).count(tenth);
                }
                assertThat(entries.count()).isEqualTo(byIndex);
            }
        });
        campaign.count("reads");
    }

    private void checkpoint(KvStore store) {
        keepingInterrupts(store.admin()::checkpoint);
        keepingInterrupts(() -> assertThat(store.admin().verify().findings()).isEmpty());
        campaign.count("checkpoints");
    }

    private void openAndClose(long time) {
        Path other = directory.resolve("other-" + time % 3);
        keepingInterrupts(() -> {
            try (KvStore store = Shop.open(other)) {
                assertThat(store.admin().recovery().clean()).isTrue();
                store.in(COUNTS).compute("n", count -> count == null ? 1L : count + 1);
                assertThat(store.in(COUNTS).get("n")).contains((time + 2) / 3);
            }
        });
        campaign.count("stores opened and closed");
    }

    private static void watch(Watch watch, long[] seen) {
        try {
            WatchEvent event = watch.next(Duration.ofMillis(100));
            if (event instanceof WatchEvent.Committed commit) {
                take(commit, seen);
            } else if (event != null) {
                throw new AssertionError("a gap: " + event);
            }
        } catch (InterruptedException asPromised) {
            // and nothing was taken
        }
    }

    /** Each count is one more than the last: no commit is missed or told twice. */
    private static void take(WatchEvent.Committed commit, long[] seen) {
        for (Change<?, ?> change : commit.changes()) {
            int writer = Integer.parseInt(((String) change.key()).substring("writer ".length()));
            Long count = (Long) change.after();
            assertThat(count).isEqualTo(++seen[writer]);
        }
    }

    private static void awaitAll(Watch watch, long[] seen, long[] done) throws InterruptedException {
        while (!java.util.Arrays.equals(seen, done)) {
            WatchEvent event = watch.next(Duration.ofSeconds(20));
            assertThat(event).isInstanceOf(WatchEvent.Committed.class);
            take((WatchEvent.Committed) event, seen);
        }
        assertThat(watch.next(Duration.ZERO)).isNull();
    }

    private static void check(KvStore store, long[] done) {
        for (int writer = 0; writer < WRITERS; writer++) {
            assertThat(store.in(COUNTS).get("writer " + writer)).contains(done[writer]);
            for (long time = Math.max(1, done[writer] - KEYS + 1); time <= done[writer]; time++) {
                assertThat(store.in(NUMBERS).get(writer * KEYS + time % KEYS)).contains(String.valueOf(time));
            }
        }
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void whoWaitsForTheStoreToCloseIsNotSentAwayEarly() throws Exception {
        for (int round = 0; round < Scale.pick(5, 50, 1_000); round++) {
            Path home = directory.resolve("closed-" + round);
            KvStore store = Shop.open(home);
            long[] done = new long[1];
            Thread writer = new Thread(() -> {
                try {
                    for (long i = 1; ; i++) {
                        store.in(COUNTS).put("n", i);
                        done[0] = i;
                    }
                } catch (KvException.Closed ended) {
                    // and nothing of it is lost
                }
            });
            writer.start();
            Thread.currentThread().interrupt();
            store.close();
            assertThat(Thread.interrupted()).isTrue();
            writer.join();
            try (KvStore reopened = Shop.open(home)) {
                assertThat(reopened.admin().recovery().clean()).isTrue();
                Long found = reopened.in(COUNTS).getOrNull("n");
                assertThat(found == null ? 0 : found).isEqualTo(done[0]);
            }
        }
    }
}
