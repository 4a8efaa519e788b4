// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.Change;
import io.github.kvist.api.Durability;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.PowerCut;
import io.github.kvist.testkit.SimulatedDisk;
import io.github.kvist.testkit.Together;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store is closed in the middle of everything, twice and from within its own calls: each call ends, with a result or by saying that the store
 * is closed; who was told of a commit finds it when the store is opened again; and whoever was told that the store is closed may open it. Some
 * callers are interrupted, which ends no call but a wait for events, and is not forgotten.
 */
@Tag("campaign")
final class ClosingTest {

    private static final Index<String, String> BY_VALUE = Index.of("by_value", Keys.string(), value -> value);
    private static final Table<String, String> TABLE =
            Table.of("closing", Keys.string(), Values.string()).with(BY_VALUE);

    /** What threads do until the store is closed. */
    private enum Call {
        PUT,
        UPDATE,
        COMMIT,
        EXPIRE,
        SNAPSHOT,
        IMAGE,
        BACKUP,
        CHECKPOINT,
        VERIFY,
        EXPORT,
        WATCH,
        READ,
        DIFF,
        FORK
    }

    private static final int THREADS = 4;

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void closeEndsEveryCallAndLosesNothing() throws Exception {
        int rounds = Scale.pick(60, 1500, 1_000_000);
        Campaign campaign = new Campaign("closing");
        for (int number = 0; number < rounds; number++) {
            new Round(number, campaign).run();
        }
        for (Call call : Call.values()) {
            campaign.atLeast(call.name(), rounds / 4);
        }
        campaign.atLeast("closed", rounds).end();
    }

    /** One store, from its opening to its end. */
    private final class Round {
        private final int number;
        private final Campaign campaign;
        private final SimulatedDisk disk = new SimulatedDisk();
        private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
        private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
        private final KvStore store;

        Round(int number, Campaign campaign) {
            this.number = number;
            this.campaign = campaign;
            this.store = open(disk);
            store.in(TABLE).put("first", "put");
        }

        private static KvStore open(SimulatedDisk disk) {
            return Kvist.open(
                    new FileStorage(disk, 4096, 16_384, Runnable::run),
                    Options.defaults().durability(Durability.SYNC).checkpointAfter(8192));
        }

        void run() throws Exception {
            Together.run(THREADS + 2, thread -> {
                Random random = new Random(31L * number + thread);
                if (thread < THREADS) {
                    work(thread, random);
                } else {
                    close(random);
                }
                return 0;
            });
            assertThat(complaints).as("round " + number).isEmpty();
            try (KvStore found = open(disk.afterPowerCut(PowerCut.LOSES_ALL, new Random(number)))) {
                assertHolds(found);
            }
            try (KvStore again = open(disk)) {
                assertHolds(again);
            }
            campaign.count("closed");
        }

        private void assertHolds(KvStore found) {
            assertThat(found.admin().verify().findings()).isEmpty();
            acknowledged.forEach((key, value) ->
                    assertThat(found.in(TABLE).get(key)).as("round " + number).contains(value));
        }

        private void work(int thread, Random random) {
            for (int i = 0; i < 10_000; i++) {
                Call call = Call.values()[random.nextInt(Call.values().length)];
                boolean interrupted = random.nextInt(8) == 0;
                long began = System.nanoTime();
                try {
                    if (interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    run(call, thread + "/" + i, random);
                    checkInterrupt(call, interrupted);
                } catch (InterruptedException expected) {
                    checkInterrupt(call, false);
                } catch (KvException.Closed closed) {
                    checkInterrupt(call, interrupted);
                    return;
                } catch (RuntimeException other) {
                    complaints.add(call + ": " + other);
                    return;
                } finally {
                    campaign.count(call.name());
                    if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(20)) {
                        complaints.add(call + " took too long");
                    }
                }
            }
            complaints.add("nobody closed the store");
        }

        /** An interrupt is kept for the caller, or told by an exception; it changes nothing else. */
        private void checkInterrupt(Call call, boolean expected) {
            if (Thread.interrupted() != expected) {
                complaints.add(call + (expected ? " swallowed an interrupt" : " left an interrupt behind"));
            }
            campaign.count("interrupted", expected ? 1 : 0);
        }

        private void run(Call call, String key, Random random) throws InterruptedException {
            switch (call) {
                case PUT -> {
                    store.in(TABLE).put(key, "put");
                    acknowledged.put(key, "put");
                }
                case UPDATE -> {
                    store.update(tx -> {
                        tx.in(TABLE).put(key, "one");
                        tx.in(TABLE).put(key + "/2", "two");
                    });
                    acknowledged.putAll(Map.of(key, "one", key + "/2", "two"));
                }
                case COMMIT -> commit(key, random);
                case EXPIRE -> {
                    store.in(TABLE).put(key, "soon", Expiry.after(Duration.ofMillis(1 + random.nextInt(3))));
                    store.admin().sweep();
                }
                case SNAPSHOT -> {
                    try (Snapshot snapshot = store.snapshot()) {
                        read(
                                snapshot.in(TABLE).count(),
                                snapshot.in(TABLE).by(BY_VALUE).count(KeyRange.all()));
                    }
                }
                case IMAGE -> {
                    try (Snapshot snapshot = store.snapshot()) {
                        snapshot.writeTo(OutputStream.nullOutputStream());
                    }
                }
                case BACKUP ->
                    store.admin()
                            .backup(
                                    directory.resolve(number + "-" + key.replace('/', '-')),
                                    (done, all) -> closeNowAndThen(random));
                case CHECKPOINT -> store.admin().checkpoint();
                case VERIFY -> assertThat(store.admin().verify().findings()).isEmpty();
                case EXPORT -> store.admin().exportJsonLines(OutputStream.nullOutputStream());
                case WATCH -> watch(key);
                case READ -> store.read(tx -> tx.in(TABLE).scan().toList());
                case DIFF -> diff(key);
                case FORK -> fork(key);
            }
        }

        private void commit(String key, Random random) {
            try (WriteTransaction tx = store.begin()) {
                tx.in(TABLE).put(key, "begun");
                tx.onCommit(revision -> {
                    acknowledged.put(key, "begun");
                    closeNowAndThen(random);
                });
                tx.commit();
            }
        }

        private void closeNowAndThen(Random random) {
            if (random.nextInt(40) == 0) {
                closeAndTry();
            }
        }

        private void read(long records, long indexed) {
            if (records != indexed) {
                complaints.add(records + " records, " + indexed + " in their index");
            }
        }

        private void watch(String key) throws InterruptedException {
            try (Watch watch = store.watch(WatchOptions.of(TABLE))) {
                store.in(TABLE).put(key, "watched");
                acknowledged.put(key, "watched");
                WatchEvent event = watch.next(Duration.ofSeconds(60));
                if (!(event instanceof WatchEvent.Committed)) {
                    complaints.add("instead of the commit: " + event);
                }
            }
        }

        private void diff(String key) {
            try (Snapshot before = store.snapshot()) {
                store.in(TABLE).put(key, "changed");
                acknowledged.put(key, "changed");
                try (Snapshot after = store.snapshot();
                        Stream<Change<?, ?>> changes = store.diff(before, after)) {
                    if (changes.findAny().isEmpty()) {
                        complaints.add("no difference");
                    }
                }
            }
        }

        private void fork(String key) {
            try (Snapshot snapshot = store.snapshot();
                    KvStore fork = snapshot.fork()) {
                fork.in(TABLE).put(key, "forked");
                store.merge(fork);
                acknowledged.put(key, "forked");
            }
        }

        private void close(Random random) {
            long until = System.nanoTime() + random.nextInt(6_000_000);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            closeAndTry();
        }

        /** Whoever has closed the store may open it: nobody else holds it any more. */
        private void closeAndTry() {
            store.close();
            @Nullable KvException refused = refusal();
            if (refused != null) {
                complaints.add("closed, and then: " + refused);
            }
        }

        private @Nullable KvException refusal() {
            try {
                synchronized (this) {
                    open(disk).close();
                }
                return null;
            } catch (KvException refused) {
                return refused;
            }
        }
    }
}
