// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.DiskCall;
import io.github.kvist.testkit.DiskWatcher;
import io.github.kvist.testkit.SimulatedDisk;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An {@code Error} ends what a thread of the store does at any call to the disk, whatever the thread holds then: others go on, or are
 * refused and told so; nobody waits for ever, the store can be closed and opened again, and holds what was acknowledged.
 */
@Tag("campaign")
final class DyingThreadsTest {

    private static final Index<String, String> FIRST = Index.of("first", Keys.string(), value -> value.substring(0, 1));
    private static final Table<Integer, String> WORDS =
            Table.of("words", Keys.int32(), Values.string()).with(FIRST);

    private static final Campaign CAMPAIGN = new Campaign("threads that die at a call to the disk");
    private static final Logger LOG = Logger.getLogger("io.github.kvist");

    /** What ends the thread. */
    enum Kind {
        DEATH(ThreadDeath::new),
        NO_STACK(StackOverflowError::new),
        NO_MEMORY(() -> new OutOfMemoryError("of a test")),
        INTERNAL(() -> new InternalError("of a test"));

        private final Supplier<Error> made;

        Kind(Supplier<Error> made) {
            this.made = made;
        }
    }

    @BeforeAll
    static void beQuiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void tell() {
        LOG.setLevel(null);
        CAMPAIGN.atLeast("deaths", 200).end();
    }

    @ParameterizedTest
    @EnumSource
    void nobodyWaitsForAThreadThatDied(Kind kind) throws Exception {
        for (long nth = 1; new Life(kind, nth).hasDied(); nth++) {
            CAMPAIGN.count("deaths");
        }
    }

    /** A store from its opening to its closing, with a death at one call. */
    private static final class Life {
        private final SimulatedDisk disk = new SimulatedDisk();
        private final Map<Integer, String> acknowledged = new TreeMap<>();
        private final Map<Integer, String> attempted = new TreeMap<>();
        private final AtomicLong calls = new AtomicLong();
        private final long nth;
        private final String where;
        private @Nullable KvStore store;

        Life(Kind kind, long nth) {
            this.nth = nth;
            where = kind + " at call " + nth;
            disk.watch(new DiskWatcher() {
                @Override
                public void begins(DiskCall call) {
                    if (calls.incrementAndGet() == nth) {
                        throw kind.made.get();
                    }
                }
            });
        }

        boolean hasDied() throws Exception {
            alone(() -> store = open());
            for (Consumer<KvStore> step : steps()) {
                alone(() -> with(step));
                alone(() -> with(this::requireContents));
            }
            alone(() -> with(KvStore::close));
            alone(() -> with(KvStore::close));
            boolean died = calls.get() >= nth;
            calls.set(Long.MIN_VALUE);
            alone(() -> {
                requireKept(disk.afterKill());
                requireKept(disk);
            });
            return died;
        }

        private KvStore open() {
            return Kvist.open(new FileStorage(disk, 512, 2048, Runnable::run), Options.defaults());
        }

        private void with(Consumer<KvStore> step) {
            if (store != null) {
                step.accept(store);
            }
        }

        private List<Consumer<KvStore>> steps() {
            Consumer<KvStore> put = this::put;
            Consumer<KvStore> checkpoint = open -> open.admin().checkpoint();
            return List.of(put, put, put, checkpoint, put, put, put, put, checkpoint, put);
        }

        private void put(KvStore open) {
            int key = attempted.size();
            String value = "value " + key + " ".repeat(200);
            attempted.put(key, value);
            open.in(WORDS).put(key, value);
            acknowledged.put(key, value);
        }

        private void requireContents(KvStore open) {
            Map<Integer, String> found = new TreeMap<>();
            open.in(WORDS).scan().forEach(entry -> found.put(entry.key(), entry.value()));
            assertThat(found.entrySet()).as(where).containsAll(acknowledged.entrySet());
            assertThat(attempted.entrySet()).as(where).containsAll(found.entrySet());
        }

        private void requireKept(SimulatedDisk left) {
            try (KvStore reopened = Kvist.open(new FileStorage(left, 512, 2048, Runnable::run), Options.defaults())) {
                requireContents(reopened);
                assertThat(reopened.admin().verify().findings()).as(where).isEmpty();
                reopened.in(WORDS).put(-1, "usable");
                assertThat(reopened.in(WORDS).delete(-1)).as(where).isTrue();
            }
        }

        /** On a thread of its own, which may die; nobody else has to. */
        private void alone(Runnable work) throws Exception {
            FutureTask<@Nullable Throwable> task = new FutureTask<>(() -> {
                try {
                    work.run();
                    return null;
                } catch (Throwable failed) {
                    return failed;
                }
            });
            Thread thread = new Thread(task, "one of many");
            thread.setDaemon(true);
            thread.start();
            Throwable failed = task.get(30, TimeUnit.SECONDS);
            if (failed instanceof AssertionError || (failed != null && calls.get() < nth)) {
                throw new AssertionError(where, failed);
            }
            if (failed instanceof Exception) {
                assertThat(failed).as(where).isInstanceOf(KvException.class);
            }
        }
    }
}
