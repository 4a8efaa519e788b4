// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Stats;
import io.github.kvist.api.Table;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.HeapStorage;
import io.github.kvist.testkit.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a store tells of itself. */
@Timeout(120)
final class StatsTest {

    private static final Index<String, String> BY_TEXT = Index.of("by/text", Keys.string(), text -> text);
    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());
    private static final Table<String, String> TEXTS =
            Table.of("texts/all", Keys.string(), Values.string()).with(BY_TEXT);

    private final HeapStorage storage = new HeapStorage();

    @Test
    void everyTableAndIndexIsCountedWithItsBytes() {
        try (KvStore store = Kvist.open(storage, Options.defaults())) {
            store.in(WORDS).put("a", "12345");
            store.in(WORDS).put("bb", "");
            store.in(TEXTS).put("key", "text");

            Stats stats = store.admin().stats();

            assertThat(stats.revision()).isEqualTo(store.revision());
            assertThat(stats.tables()).extracting(Stats.TableSize::name).containsExactly("texts/all", "words");
            assertThat(stats.table("words")).contains(new Stats.TableSize("words", 2, 0, 8, List.of()));
            // Text and primary key, with what ends a text that more follows.
            assertThat(stats.table("texts/all").orElseThrow().indexes())
                    .singleElement()
                    .satisfies(index -> {
                        assertThat(index.name()).isEqualTo("by/text");
                        assertThat(index.entries()).isEqualTo(1);
                        assertThat(index.bytes()).isBetween(8L, 9L);
                    });
            assertThat(stats.entries()).isEqualTo(3);
            assertThat(stats.memory().payloadBytes()).isGreaterThan(8 + 7 + 8);
            assertThat(stats.memory().dataBytes()).isGreaterThan(stats.memory().payloadBytes());
        }
    }

    @Test
    void tablesThatTheProgramNeverNamedAreCountedToo() {
        try (KvStore store = Kvist.open(storage, Options.defaults())) {
            store.in(TEXTS).put("key", "text");
        }
        try (KvStore store = Kvist.open(storage.afterCrash(), Options.defaults())) {
            assertThat(store.admin().stats().table("texts/all").orElseThrow()).satisfies(table -> {
                assertThat(table.entries()).isEqualTo(1);
                assertThat(table.indexes()).hasSize(1);
            });
        }
    }

    @Test
    void tableThatWasEmptiedIsNotListed() {
        try (KvStore store = Kvist.inMemory()) {
            store.in(WORDS).put("a", "1");
            store.in(WORDS).clear();

            assertThat(store.admin().stats().tables()).isEmpty();
        }
    }

    @Test
    void commitsConflictsAndBatchesAreCounted() {
        try (KvStore store = Kvist.open(storage, Options.defaults())) {
            store.in(WORDS).put("a", "1");
            store.update(tx -> {
                tx.in(WORDS).put("b", "1");
                tx.in(WORDS).put("c", "1");
            });
            WriteTransaction loser = store.begin();
            loser.in(WORDS).put("d", loser.in(WORDS).get("a").orElseThrow());
            store.in(WORDS).put("a", "2");
            assertThatThrownBy(loser::commit).isInstanceOf(KvException.Conflict.class);
            assertThat(store.in(WORDS).delete("nothing")).isFalse();

            Stats.Commits commits = store.admin().stats().commits();

            assertThat(commits).isEqualTo(new Stats.Commits(3, 1, 3, 3, 1.0, 1));
        }
    }

    @Test
    void commitsThatShareAFrameMakeABatch() throws InterruptedException {
        try (KvStore store = Kvist.open(storage, Options.defaults())) {
            store.in(WORDS).put("stores", "the definition");
            storage.hold();
            Thread[] writers = new Thread[4];
            for (int i = 0; i < writers.length; i++) {
                String key = "k" + i;
                writers[i] = new Thread(() -> store.in(WORDS).put(key, "v"));
                writers[i].start();
            }
            // The first leads alone; the others are added while it is held up.
            while (store.admin().stats().commits().commits() < 1 + writers.length) {
                Thread.onSpinWait();
            }
            storage.letAllThrough();
            for (Thread writer : writers) {
                writer.join();
            }

            Stats.Commits commits = store.admin().stats().commits();

            assertThat(commits.commits()).isEqualTo(5);
            assertThat(commits.frames()).isLessThan(5);
            assertThat(commits.batchMax()).isGreaterThan(1);
            assertThat(commits.batchMean()).isEqualTo(5.0 / commits.frames());
        }
    }

    @Test
    void syncsAreCountedApartFromOtherFrames() {
        try (KvStore store = Kvist.open(storage, Options.defaults().durability(Durability.OS))) {
            store.in(WORDS).put("a", "1");

            assertThat(store.admin().stats().commits()).isEqualTo(new Stats.Commits(1, 0, 1, 0, 1.0, 1));
        }
    }

    @Test
    void dueEntriesAreNoEntriesUntilTheyAreSweptAndThenExpired() {
        SettableClock clock = new SettableClock(Instant.parse("2030-01-01T00:00:00Z"));
        try (KvStore store = Kvist.open(storage, Options.defaults().clock(clock).durability(Durability.MEMORY))) {
            store.in(TEXTS).put("gone", "x", Expiry.after(Duration.ofHours(1)));
            store.in(TEXTS).put("gone too", "x", Expiry.after(Duration.ofHours(1)));
            store.in(TEXTS).put("stays", "y");
            clock.move(Duration.ofHours(2));

            Stats due = store.admin().stats();
            // The store may have swept by itself meanwhile, but not have done both.
            assertThat(due.expiry().due() + due.expiry().expired()).isEqualTo(2);
            assertThat(due.table("texts/all").orElseThrow().entries()).isEqualTo(1);

            long unused = store.admin().sweep();
            assertThat(store.admin().stats().expiry()).isEqualTo(new Stats.Expiries(0, 1, 2));
        }
    }

    @Test
    void theOldestOpenSnapshotIsToldWithItsOrigin() {
        try (KvStore store = Kvist.inMemory()) {
            store.in(WORDS).put("a", "1");
            assertThat(store.admin().stats().snapshots().oldest()).isEmpty();

            Snapshot oldest = store.snapshot();
            store.in(WORDS).put("a", "2");
            Snapshot newer = store.snapshot();
            Stats.Snapshots both = store.admin().stats().snapshots();

            assertThat(both.open()).isEqualTo(2);
            assertThat(both.oldest().orElseThrow()).satisfies(open -> {
                assertThat(open.revision()).isEqualTo(1);
                assertThat(open.origin()).contains(Thread.currentThread().getName());
                assertThat(open.age()).isPositive();
            });

            oldest.close();
            assertThat(store.admin().stats().snapshots().oldest().orElseThrow().revision())
                    .isEqualTo(2);
            newer.close();
            assertThat(store.admin().stats().snapshots()).isEqualTo(new Stats.Snapshots(0, Optional.empty()));
        }
    }

    @Test
    void commitsThatWaitForAWatchAreItsLag() throws InterruptedException {
        try (KvStore store = Kvist.inMemory();
                Watch watch = store.watch(WatchOptions.of(WORDS))) {
            store.in(WORDS).put("a", "1");
            store.in(WORDS).put("b", "1");

            assertThat(store.admin().stats().watches()).isEqualTo(new Stats.Watches(1, 2));

            assertThat(watch.next(Duration.ofMinutes(1))).isNotNull();
            assertThat(watch.next(Duration.ofMinutes(1))).isNotNull();
            assertThat(store.admin().stats().watches()).isEqualTo(new Stats.Watches(1, 0));
            assertThat(store.admin().stats().memory().historyBytes()).isPositive();
        }
    }

    @Test
    void diskStaysWithinTheBoundThatIsTold(@TempDir Path directory) {
        Path home = directory.resolve("store");
        FileStorage files = new FileStorage(home);
        Options options = Options.defaults().durability(Durability.OS).checkpointAfter(200_000);
        try (KvStore store = Kvist.open(files, options)) {
            for (int i = 0; i < 3_000; i++) {
                store.in(WORDS).put("key" + i % 500, "v".repeat(1 + i % 700));
                if (i % 100 == 0) {
                    assertThat(store.admin().stats().disk().bytes())
                            .isLessThanOrEqualTo(store.admin().stats().disk().bytesMax());
                }
            }
            store.admin().checkpoint();

            Stats.Disk disk = store.admin().stats().disk();
            assertThat(disk.checkpoints()).isPositive();
            assertThat(disk.checkpointsFailed()).isZero();
            assertThat(disk.logBytes()).isZero();
            assertThat(disk.bytes()).isEqualTo(sizeOf(home, "log-") + sizeOf(home, "checkpoint-"));
            assertThat(disk.checkpointBytes()).isEqualTo(sizeOf(home, "checkpoint-"));
        }
    }

    @Test
    void checkpointThatFailsIsCounted() {
        try (KvStore store = Kvist.open(storage, Options.defaults().checkpointAfter(1))) {
            storage.failCheckpoints(true);
            store.in(WORDS).put("a", "1");
            while (store.admin().stats().disk().checkpointsFailed() == 0) {
                Thread.onSpinWait();
            }

            assertThat(store.admin().stats().disk().checkpoints()).isZero();
            assertThat(store.admin().stats().disk().logBytes()).isPositive();
            storage.failCheckpoints(false);
        }
    }

    @Test
    void closedStoreHasNoStats() {
        KvStore store = Kvist.inMemory();
        var admin = store.admin();
        store.close();

        assertThatThrownBy(admin::stats).isInstanceOf(KvException.Closed.class);
    }

    private static long sizeOf(Path directory, String prefix) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
