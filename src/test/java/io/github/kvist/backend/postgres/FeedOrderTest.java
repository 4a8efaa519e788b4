// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Options;
import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.Feed.Event.Committed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What followers are told while several processes write. */
final class FeedOrderTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Scope ALL = new Scope.Keyspaces("t/");
    private static final int WRITERS = 8;
    private static final int COMMITS = 60;
    private static final int MANY = 5_000;
    private static final int CLOSE = 60;

    private final PostgresHome home = new PostgresHome();

    @AfterEach
    void drop() {
        home.close();
    }

    @Test
    void noCommitIsLostReorderedOrToldTwice() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try (PostgresBackend one = home.backend(Options.defaults());
                PostgresBackend other = home.backend(Options.defaults());
                Feed live = one.follow(ALL, OptionalLong.empty(), 10_000)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int w = 0; w < WRITERS; w++) {
                PostgresBackend backend = w % 2 == 0 ? one : other;
                String key = "k" + w;
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < COMMITS; i++) {
                        Writes.put(backend, "t/words", key, "" + i);
                    }
                }));
            }

            List<String> told = told(live, WRITERS * COMMITS);
            for (Future<?> writer : writers) {
                writer.get();
            }

            assertThat(told).isSorted().doesNotHaveDuplicates();
            try (Feed late = other.follow(ALL, OptionalLong.of(0), 1)) {
                assertThat(told(late, WRITERS * COMMITS)).isEqualTo(told);
            }
            for (int w = 0; w < WRITERS; w++) {
                String key = " k" + w + "=";
                assertThat(told.stream().filter(event -> event.contains(key)))
                        .as("each writer's in its own order")
                        .hasSize(COMMITS)
                        .extracting(event -> event.substring(event.indexOf('=') + 1))
                        .isEqualTo(numbers());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<String> numbers() {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < COMMITS; i++) {
            numbers.add("" + i);
        }
        return numbers;
    }

    /** Each as revision, key and value. */
    private static List<String> told(Feed feed, int count) throws InterruptedException {
        List<String> told = new ArrayList<>();
        while (told.size() < count) {
            Committed event = (Committed) feed.next(LONG);
            assertThat(event).isNotNull();
            event.changes()
                    .forEach(change -> told.add("%06d %s=%s"
                            .formatted(
                                    event.revision(),
                                    new String(change.key()),
                                    new String(change.after().array()))));
        }
        return told;
    }

    /** Notifications that leave no gap between them must not keep it from looking at the commits that they tell of. */
    @Test
    void keepsUpWithCommitsThatComeWithoutAPause() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong newest = new AtomicLong();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (PostgresBackend backend = home.backend(Options.defaults());
                Feed feed = backend.follow(ALL, OptionalLong.empty(), 100_000)) {
            Future<?> writer = threads.submit(() -> {
                while (!stop.get()) {
                    newest.set(Writes.put(backend, "t/words", "k", "v"));
                }
            });

            int late = 0;
            for (int i = 0; i < MANY; i++) {
                Committed event = (Committed) feed.next(LONG);
                assertThat(event).isNotNull();
                if (newest.get() - event.revision() > CLOSE) {
                    late++;
                }
            }
            stop.set(true);
            writer.get();

            assertThat(late).as("commits told late").isLessThan(MANY / 3);
        } finally {
            stop.set(true);
            threads.shutdown();
        }
    }

    @Test
    void goesOnWhenItsConnectionIsLost() throws Exception {
        try (PostgresBackend backend = home.backend(Options.defaults());
                Feed feed = backend.follow(ALL, OptionalLong.empty(), 100)) {
            Writes.put(backend, "t/words", "k", "1");
            told(feed, 1);

            List<String> ended = home.rows("select pg_terminate_backend(pid) from pg_stat_activity"
                    + " where pid <> pg_backend_pid() and (query = 'COMMIT' or query like '%lateral%" + home.schema
                    + "%')");
            assertThat(ended).contains("t");
            Writes.put(backend, "t/words", "k", "2");
            Writes.put(backend, "t/words", "k", "3");

            assertThat(told(feed, 2)).extracting(event -> event.substring(7)).containsExactly("k=2", "k=3");
        }
    }

    @Test
    void resumesFromAnyRevision() throws Exception {
        try (PostgresBackend backend = home.backend(Options.defaults())) {
            for (int i = 1; i <= 300; i++) {
                Writes.put(backend, "t/words", "k", "" + i);
            }
            for (int from : List.of(0, 1, 127, 128, 129, 299)) {
                try (Feed feed = backend.follow(ALL, OptionalLong.of(from), 1)) {
                    assertThat(((Committed) feed.next(LONG)).revision()).isEqualTo(from + 1);
                }
            }
        }
    }
}
