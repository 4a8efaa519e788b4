// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Change;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent;
import io.github.kvist.api.WatchEvent.Committed;
import io.github.kvist.api.WatchEvent.Gap;
import io.github.kvist.api.WatchOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Watches while many threads write: each commit once, whole and in order, also by one that stops and goes on later. */
@Needs({Capability.WATCH, Capability.MULTI_KEY_TRANSACTIONS})
abstract class WatchesBesideWritersContract extends StoreContract {

    private static final int WRITERS = 4;
    private static final Duration LONG = Duration.ofSeconds(20);

    /** Put when everything else was. */
    private static final String END = "zz end";

    /** What a consumer makes of the events: the words, as they must be at the revision of the last event. */
    private static final class Replica {
        private final NavigableMap<String, String> words = new TreeMap<>();
        private final Predicate<String> watched;
        private long revision;
        private boolean isStale;
        private boolean isEnded;

        Replica(long revision, Predicate<String> watched) {
            this.revision = revision;
            this.watched = watched;
        }

        void apply(WatchEvent event) {
            if (event instanceof Gap gap) {
                assertThat(gap.lastSeen()).isEqualTo(revision);
                isStale = true;
                return;
            }
            Committed committed = (Committed) event;
            assertThat(committed.revision()).as("in order, each once").isGreaterThan(revision);
            revision = committed.revision();
            assertThat(committed.changes()).isNotEmpty();
            List<String> keys = new ArrayList<>();
            for (Change<?, ?> change : committed.changes()) {
                keys.add((String) change.key());
                apply((String) change.key(), (String) change.before(), (String) change.after());
            }
            assertThat(keys).isSorted().doesNotHaveDuplicates().allMatch(watched);
        }

        private void apply(String key, String before, String after) {
            if (!isStale) {
                assertThat(words.get(key)).as("nothing was left out").isEqualTo(before);
            }
            if (after == null) {
                words.remove(key);
            } else {
                words.put(key, after);
            }
            isEnded |= key.equals(END);
        }

        /** A transaction writes the same to both of a pair, so an event that is whole leaves them the same. */
        void requireWholePairs() {
            for (int pair = 0; pair < 5; pair++) {
                assertThat(words.get("l" + pair)).isEqualTo(words.get("r" + pair));
            }
        }
    }

    private void write(Random random) {
        store.update(tx -> {
            TableWriter<String, String> words = tx.in(WORDS);
            String pair = "" + random.nextInt(5);
            if (random.nextInt(4) == 0) {
                words.delete("l" + pair);
                words.delete("r" + pair);
            } else {
                String value = "v" + random.nextInt(1_000_000);
                words.put("l" + pair, value);
                words.put("r" + pair, value);
            }
            words.put("x" + random.nextInt(9), "odd");
        });
    }

    private void writeAll() throws Exception {
        Together.run(WRITERS, thread -> {
            Random random = new Random(thread);
            for (int i = rounds(100); i > 0; i--) {
                write(random);
            }
            return 0;
        });
        store.in(WORDS).put(END, "");
    }

    private void requireSame(Replica replica) {
        if (!replica.isStale) {
            NavigableMap<String, String> present = new TreeMap<>();
            store.in(WORDS).scan().forEach(entry -> {
                if (replica.watched.test(entry.key())) {
                    present.put(entry.key(), entry.value());
                }
            });
            assertThat(replica.words).isEqualTo(present);
        }
    }

    @Test
    void everyCommitIsToldOnceWholeAndInOrder() throws Exception {
        long start = store.revision();
        Replica all = new Replica(start, key -> true);
        Replica left = new Replica(start, key -> key.startsWith("l") || key.equals(END));
        try (Watch whole = store.watch(WatchOptions.of(WORDS));
                Watch part = store.watch(WatchOptions.of(WORDS).range(KeyRange.closedOpen("l", "m")))) {
            FutureTask<Integer> writers = inBackground();
            while (!all.isEnded) {
                all.apply(next(whole));
                all.requireWholePairs();
            }
            writers.get();
            WatchEvent event = part.next(Duration.ZERO);
            while (event != null) {
                left.apply(event);
                event = part.next(Duration.ofMillis(20));
            }
        }

        requireSame(all);
        assertThat(all.isStale).as("its buffer was large enough").isFalse();
        assertThat(left.words).isEqualTo(all.words.subMap("l", true, "m", false));
    }

    @Test
    @Needs(Capability.WATCH_RESUME)
    void aConsumerThatStopsAndGoesOnMissesNothing() throws Exception {
        Random random = new Random(5);
        Replica replica = new Replica(store.revision(), key -> true);
        FutureTask<Integer> writers = inBackground();
        while (!replica.isEnded) {
            try (Watch watch = store.watch(WatchOptions.of(WORDS).from(replica.revision))) {
                for (int events = random.nextInt(30); events >= 0 && !replica.isEnded; events--) {
                    replica.apply(next(watch));
                }
            }
        }
        writers.get();

        requireSame(replica);
    }

    @Test
    void aSlowConsumerIsToldOfEachLoss() throws Exception {
        Replica replica = new Replica(store.revision(), key -> true);
        try (Watch watch = store.watch(WatchOptions.of(WORDS).buffer(4))) {
            writeAll();

            while (!replica.isEnded) {
                WatchEvent event = watch.next(Duration.ofSeconds(2));
                if (event == null) {
                    assertThat(replica.isStale).as("what is missing was said").isTrue();
                    break;
                }
                replica.apply(event);
            }
        }
        requireSame(replica);
    }

    private static WatchEvent next(Watch watch) throws InterruptedException {
        WatchEvent event = watch.next(LONG);
        assertThat(event).as("an event that must come").isNotNull();
        return event;
    }

    private FutureTask<Integer> inBackground() {
        FutureTask<Integer> writers = new FutureTask<>(() -> {
            writeAll();
            return 0;
        });
        new Thread(writers).start();
        return writers;
    }
}
