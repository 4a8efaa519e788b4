// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.Durability;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Savepoint;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.SettableClock;
import io.github.kvist.testkit.SimulatedDisk;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A program that does a little of everything with a store, during which one allocation fails; then it compares what is there with
 * what may be there. To be loaded by a {@link RewritingLoader}.
 */
public final class StarvedProgram implements LongPredicate {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final String UNAWAITED = "put that nobody waits for";
    private static final String LARGE = "large ".repeat(600);

    private static final Index<String, String> FIRST = Index.of("first", Keys.string(), value -> value.substring(0, 1));
    private static final Table<String, String> PLAIN = Table.of("plain", Keys.string(), Values.string());
    private static final Table<String, String> INDEXED =
            Table.of("indexed", Keys.string(), Values.string()).with(FIRST);
    private static final Table<String, String> LATER = Table.of("later", Keys.string(), Values.string());

    /** What was there before each run; the program opens it, so a recovery is part of what may fail. */
    private final SimulatedDisk beginning = new SimulatedDisk();

    private final Map<String, String> initial;

    private final List<Step> steps = List.of(
            new Step("put", store -> store.in(PLAIN).put("a", "1"), map -> map.put("plain a", "1")),
            new Step("first put of a table", store -> store.in(LATER).put("a", "1"), map -> map.put("later a", "1")),
            new Step("indexed put", store -> store.in(INDEXED).put("p", "new"), map -> map.put("indexed p", "new")),
            new Step("transaction", StarvedProgram::transaction, map -> {
                map.put("plain b", "2");
                map.put("indexed q", "kept");
                map.remove("indexed x1");
            }),
            new Step("transaction beside another", StarvedProgram::twoTransactions, map -> {
                map.put("plain c", "3");
                map.put("plain d", "4");
            }),
            new Step("reads", StarvedProgram::reads, map -> {}),
            new Step("watch", StarvedProgram::watch, map -> map.put("plain w", "watched")),
            new Step("checkpoint", store -> store.admin().checkpoint(), map -> {}),
            new Step(
                    "put many",
                    store -> store.in(INDEXED).putAll(many()),
                    map -> many().forEach((key, value) -> map.put("indexed " + key, value))),
            new Step(
                    "put that expires",
                    store -> store.in(PLAIN).put("e", "soon", Expiry.at(START.plusSeconds(10))),
                    map -> map.put("plain e", "soon")),
            new Step("sweep", this::sweep, map -> map.remove("plain e")),
            new Step("large put", store -> store.in(PLAIN).put("l", LARGE), map -> map.put("plain l", LARGE)),
            new Step(
                    "delete of a range",
                    store -> store.in(INDEXED).deleteRange(KeyRange.prefix("m")),
                    map -> map.keySet().removeIf(key -> key.startsWith("indexed m"))),
            new Step("stats and verify", store -> {
                store.admin().stats();
                assertThat(store.admin().verify().findings()).isEmpty();
            }),
            new Step("second checkpoint", store -> store.admin().checkpoint(), map -> {}),
            new Step(
                    UNAWAITED,
                    store -> store.write(TransactionOptions.defaults().durability(Durability.MEMORY), transaction -> {
                        transaction.in(PLAIN).put("m", "memory");
                        return 0;
                    }),
                    map -> map.put("plain m", "memory")),
            new Step("last put", store -> store.in(PLAIN).put("z", "last"), map -> map.put("plain z", "last")));

    private SettableClock clock = new SettableClock(START);

    /** Made once; its runs are independent of each other. */
    public StarvedProgram() {
        try (KvStore store = open(beginning)) {
            for (int i = 0; i < 8; i++) {
                store.in(INDEXED).put("x" + i, "old " + i);
            }
            store.in(PLAIN).put("y", "old");
            store.admin().checkpoint();
            store.in(PLAIN).put("y", "newer");
            initial = content(store);
        }
    }

    /** What a store does, and what that makes of its content. */
    private record Step(String name, Action action, Effect effect) {
        Step(String name, Action action) {
            this(name, action, map -> {});
        }

        Map<String, String> after(Map<String, String> before) {
            Map<String, String> after = new TreeMap<>(before);
            effect.on(after);
            return after;
        }
    }

    private interface Action {
        void on(KvStore store) throws Exception;
    }

    private interface Effect {
        void on(Map<String, String> content);
    }

    private KvStore open(SimulatedDisk disk) {
        return Kvist.open(
                new FileStorage(disk, 2 << 10, 8 << 10, Runnable::run),
                Options.defaults().clock(clock).history(4));
    }

    private static void transaction(KvStore store) {
        store.update(transaction -> {
            transaction.in(PLAIN).put("b", "2");
            transaction.in(INDEXED).put("q", "kept");
            Savepoint savepoint = transaction.savepoint();
            transaction.in(INDEXED).put("q", "undone");
            transaction.in(INDEXED).delete("x2");
            transaction.rollbackTo(savepoint);
            transaction.in(INDEXED).delete("x1");
        });
    }

    /** The second commits on a head that has moved. */
    private static void twoTransactions(KvStore store) {
        try (WriteTransaction late = store.begin()) {
            late.in(PLAIN).put("c", "3");
            try (WriteTransaction early = store.begin()) {
                late.in(PLAIN).put("d", "4");
                early.in(LATER).delete("nothing");
                early.in(LATER).touch("a", Expiry.never());
                long unused = early.commit();
            }
            long unused = late.commit();
        }
    }

    private static void reads(KvStore store) {
        try (Snapshot snapshot = store.snapshot()) {
            assertThat(snapshot.in(INDEXED).by(FIRST).eq("o").toList()).hasSizeGreaterThan(5);
            assertThat(snapshot.in(PLAIN).count()).isPositive();
            try (KvStore fork = snapshot.fork()) {
                fork.in(PLAIN).put("only here", "1");
                assertThat(fork.in(PLAIN).get("only here")).contains("1");
            }
        }
        assertThat(store.in(PLAIN).get("y")).contains("newer");
        assertThat(store.in(INDEXED)
                        .scan(KeyRange.atLeast("x"))
                        .reverse()
                        .limit(3)
                        .keys())
                .hasSize(3);
    }

    private static void watch(KvStore store) throws InterruptedException {
        try (Watch watch = store.watch(WatchOptions.of(PLAIN))) {
            store.in(PLAIN).put("w", "watched");
            requireTold(watch, store.revision());
        }
    }

    /** A commit is reported, or that something was missed; never nothing. */
    private static void requireTold(Watch watch, long revision) throws InterruptedException {
        WatchEvent event = watch.next(Duration.ofSeconds(10));
        assertThat(event).as("what a watch says of revision " + revision).isNotNull();
    }

    private void sweep(KvStore store) {
        clock.set(START.plusSeconds(20));
        store.admin().sweep();
    }

    private static Map<String, String> many() {
        Map<String, String> many = new TreeMap<>();
        for (int i = 0; i < 40; i++) {
            many.put("m" + i, "many " + i);
        }
        return many;
    }

    private static Map<String, String> content(KvStore store) {
        Map<String, String> content = new TreeMap<>();
        store.read(transaction -> {
            for (Table<String, String> table : List.of(PLAIN, INDEXED, LATER)) {
                for (Entry<String, String> entry : transaction.in(table).scan()) {
                    content.put(table.name() + " " + entry.key(), entry.value());
                }
            }
            return 0;
        });
        return content;
    }

    /** Runs with the {@code nth} allocation failing; false if there are fewer. */
    @Override
    public boolean test(long nth) {
        clock = new SettableClock(START);
        SimulatedDisk disk = beginning.afterKill();
        Run run = new Run(disk);
        Allocations.failAt(nth);
        try {
            run.all();
        } finally {
            Allocations.pause();
        }
        return Allocations.failedAt() != null;
    }

    /** One run, and what it knows. */
    private final class Run {
        private final SimulatedDisk disk;
        private Map<String, String> visible = initial;
        private final Set<Map<String, String>> durable = new HashSet<>(Set.of(initial));
        private boolean poisoned;
        private @Nullable Watch watch;

        Run(SimulatedDisk disk) {
            this.disk = disk;
        }

        void all() {
            KvStore store = opened();
            if (store != null) {
                steps.forEach(step -> step(store, step));
                if (!poisoned) {
                    requireAlive(store);
                }
                Allocations.pause();
                requireKept(disk.afterKill());
                Allocations.goOn();
                close(store);
            }
            Allocations.pause();
            requireKept(disk);
        }

        private @Nullable KvStore opened() {
            try {
                KvStore store = open(disk);
                try {
                    watch = store.watch(WatchOptions.of(INDEXED));
                } catch (Throwable failed) {
                    requireTyped("watch", failed);
                }
                return store;
            } catch (Throwable failed) {
                requireTyped("open", failed);
                return null;
            }
        }

        private void step(KvStore store, Step step) {
            Map<String, String> after = step.after(visible);
            Throwable failed = null;
            try {
                step.action.on(store);
            } catch (Throwable thrown) {
                failed = thrown;
                requireTyped(step.name, thrown);
            }
            Allocations.pause();
            Map<String, String> found = content(store);
            if (failed == null) {
                assertThat(found).as(step.name).isEqualTo(after);
                if (!poisoned && !step.name.equals(UNAWAITED)) {
                    durable.clear();
                }
            } else {
                assertThat(found).as(step.name + " failed by " + failed).isIn(visible, after);
                if (isOutcomeUnknown(failed)) {
                    poisoned = true;
                    durable.add(after);
                } else if (!poisoned) {
                    durable.clear();
                }
            }
            if (!poisoned || found.equals(after)) {
                visible = found;
            }
            durable.add(found);
            Allocations.goOn();
        }

        private boolean isOutcomeUnknown(Throwable failed) {
            return failed instanceof KvException.OutcomeUnknown || failed instanceof KvException.Unavailable;
        }

        /** Nobody holds a lock, and who watches is told: of what was missed, too. */
        private void requireAlive(KvStore store) {
            Allocations.pause();
            try {
                store.in(INDEXED).put("alive", "yes");
                store.update(transaction -> transaction.in(PLAIN).put("alive", "yes"));
                store.admin().checkpoint();
                visible = content(store);
                durable.clear();
                durable.add(visible);
                assertThat(visible).containsEntry("indexed alive", "yes");
                assertThat(store.in(INDEXED).by(FIRST).count("y")).isEqualTo(1);
                assertThat(store.admin().verify().findings()).isEmpty();
                if (watch != null) {
                    requireReported(watch, store.revision());
                }
            } catch (KvException.Unavailable says) {
                poisoned = true; // by a thread of its own
            } catch (InterruptedException unexpected) {
                throw new AssertionError(unexpected);
            }
            Allocations.goOn();
        }

        private void requireReported(Watch open, long revision) throws InterruptedException {
            for (boolean told = false; !told; ) {
                WatchEvent event = open.next(Duration.ofSeconds(10));
                assertThat(event).as("the watch reaches revision " + revision).isNotNull();
                told = event instanceof WatchEvent.Gap
                        || event instanceof WatchEvent.Committed commit
                                && commit.changes().stream()
                                        .anyMatch(change -> change.key().equals("alive"));
            }
        }

        private void close(KvStore store) {
            try {
                store.close();
            } catch (Throwable failed) {
                requireTyped("close", failed);
            }
        }

        private void requireKept(SimulatedDisk left) {
            try (KvStore store = open(left)) {
                assertThat(content(store)).as("after reopening").isIn(durable);
                assertThat(store.admin().verify().findings()).isEmpty();
                store.in(PLAIN).put("works", "again");
            }
        }

        private void requireTyped(String where, Throwable failed) {
            if (!(failed instanceof KvException) && !(failed instanceof OutOfMemoryError)) {
                throw new AssertionError(where + " ends with " + failed, failed);
            }
        }
    }
}
