// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.Feed.Event.Committed;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Unchanged;
import io.github.kvist.backend.View;
import io.github.kvist.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What commits change and tell, whichever function of the database does them. */
final class ChangesTest {

    private static final int COMMITS = 150;
    private static final int KEYS = 30;
    private static final Duration LONG = Duration.ofSeconds(30);

    private final PostgresHome home = new PostgresHome();
    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T08:00:00Z"));
    private PostgresBackend backend;
    private Keyspace words;
    private Keyspace others;

    @BeforeEach
    void open() {
        backend = home.backend(Options.defaults().clock(clock));
        words = backend.keyspace("t/words");
        others = backend.keyspace("t/others");
        commit(new Operation.Delete(words, bytes("none")), new Operation.Delete(others, bytes("none")));
    }

    @AfterEach
    void close() {
        backend.close();
        home.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes();
    }

    private static Operation put(Keyspace keyspace, String key, String value, long deadline) {
        return new Operation.Put(keyspace, bytes(key), bytes(value), deadline);
    }

    private long commit(Operation... operations) {
        return backend.commit(new Commit(List.of(), List.of(operations), Durability.SYNC));
    }

    private record Entry(String value, long deadline) {}

    /** A store of maps, and what each of its commits told. */
    private final class Model {
        final NavigableMap<String, Entry> entries = new TreeMap<>();
        final List<List<String>> told = new ArrayList<>();

        @Nullable
        Entry get(String name) {
            Entry entry = entries.get(name);
            return entry == null || entry.deadline <= clock.millis() ? null : entry;
        }

        void apply(List<Operation> operations) {
            NavigableMap<String, String> changes = new TreeMap<>();
            for (Operation operation : operations) {
                String name = operation.keyspace().name() + " " + new String(operation.key());
                Entry old = get(name);
                Entry now = after(operation, old);
                if (now == null && old != null) {
                    entries.remove(name);
                } else if (now != null) {
                    entries.put(name, now);
                }
                if (old != null || now != null) {
                    changes.put(name, name + ": " + old + " to " + now);
                }
            }
            if (!changes.isEmpty()) {
                told.add(changes.values().stream().sorted().toList());
            }
        }

        private @Nullable Entry after(Operation operation, @Nullable Entry old) {
            Entry now = null;
            if (operation instanceof Operation.Put put) {
                now = new Entry(new String(put.value()), put.deadline());
            } else if (operation instanceof Operation.Touch touch && old != null) {
                now = new Entry(old.value, touch.deadline());
            }
            return now == null || now.deadline <= clock.millis() ? null : now;
        }
    }

    private List<Operation> operations(Random random) {
        boolean onlyPuts = random.nextInt(3) > 0;
        Keyspace keyspace = random.nextBoolean() ? words : others;
        long deadline = deadline(random);
        NavigableMap<String, Operation> operations = new TreeMap<>();
        int size = 1 + random.nextInt(random.nextBoolean() ? 1 : 12);
        for (int i = 0; i < size; i++) {
            String key = "k" + random.nextInt(KEYS);
            Keyspace of = onlyPuts || random.nextBoolean() ? keyspace : others;
            Operation put = put(of, key, "v" + random.nextInt(1000), onlyPuts ? deadline : deadline(random));
            int kind = onlyPuts ? 0 : random.nextInt(3);
            operations.put(
                    of.name() + key,
                    kind == 0
                            ? put
                            : kind == 1
                                    ? new Operation.Delete(of, bytes(key))
                                    : new Operation.Touch(of, bytes(key), deadline(random)));
        }
        return List.copyOf(operations.values());
    }

    private long deadline(Random random) {
        return random.nextInt(4) > 0 ? Stored.NEVER : clock.millis() + random.nextInt(10) - 1;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void areThoseOfAMap(long seed) throws Exception {
        Random random = new Random(seed);
        Model model = new Model();
        long start = backend.revision();

        for (int i = 0; i < COMMITS; i++) {
            List<Operation> operations = operations(random);
            backend.commit(new Commit(List.of(), operations, Durability.SYNC));
            model.apply(operations);
            clock.move(Duration.ofMillis(random.nextInt(3)));
        }

        assertThat(stored())
                .isEqualTo(model.entries.keySet().stream()
                        .filter(name -> model.get(name) != null)
                        .map(name -> name + " " + model.get(name))
                        .toList());
        assertThat(told(start, model.told.size())).isEqualTo(model.told);
    }

    private List<String> stored() {
        List<String> stored = new ArrayList<>();
        try (View view = backend.view()) {
            for (Keyspace keyspace : List.of(others, words)) {
                try (EntryCursor entries = view.scan(keyspace, new byte[0], null, false)) {
                    while (entries.advance()) {
                        String value = new String(entries.array(), entries.offset(), entries.length());
                        stored.add(keyspace.name() + " " + new String(entries.key()) + " "
                                + new Entry(value, entries.deadline()));
                    }
                }
            }
        }
        return stored;
    }

    private List<List<String>> told(long after, int commits) throws InterruptedException {
        List<List<String>> told = new ArrayList<>();
        try (Feed feed = backend.follow(new Scope.Keyspaces("t/"), OptionalLong.of(after), 10)) {
            while (told.size() < commits) {
                Committed event = (Committed) feed.next(LONG);
                assertThat(event).isNotNull();
                told.add(
                        event.changes().stream().map(ChangesTest::text).sorted().toList());
            }
        }
        return told;
    }

    private static String text(KeyChange change) {
        return change.keyspace().name() + " " + new String(change.key()) + ": " + text(change.before()) + " to "
                + text(change.after());
    }

    private static @Nullable Entry text(@Nullable Stored stored) {
        return stored == null
                ? null
                : new Entry(new String(stored.array(), stored.offset(), stored.length()), stored.deadline());
    }

    @Test
    void ofAnyKeyOfACommitAreSeenByWhoReadIt() {
        long before = backend.revision();
        long after = commit(
                put(others, "a", "1", Stored.NEVER),
                put(others, "b", "2", Stored.NEVER),
                put(others, "c", "3", Stored.NEVER));

        for (String key : List.of("a", "b", "c")) {
            assertThatThrownBy(() -> commitAfterReading(others, key, before)).isInstanceOf(KvException.Conflict.class);
        }
        assertThat(commitAfterReading(others, "d", before)).isGreaterThan(after);
        assertThat(commitAfterReading(words, "b", before)).isGreaterThan(after);
        assertThat(commitAfterReading(others, "b", after)).isGreaterThan(after);
    }

    private long commitAfterReading(Keyspace keyspace, String key, long since) {
        Range read = new Range(keyspace, bytes(key), bytes(key + "\0"));
        Unchanged unchanged = new Unchanged(since, clock.millis(), List.of(read));
        return backend.commit(
                new Commit(List.of(), unchanged, List.of(put(words, "reader", "v", Stored.NEVER)), Durability.SYNC));
    }

    @Test
    void ofManyBytesAreOneCommitAllTheSame() throws Exception {
        byte[] large = new byte[5 << 20];
        Operation[] puts = new Operation[8];
        for (int i = 0; i < puts.length; i++) {
            puts[i] = new Operation.Put(words, bytes("k" + i), large, Stored.NEVER);
        }
        commit(puts);

        // These replace large values, which one array had better not hold; so the one function leaves them to the
        // other.
        for (int i = 0; i < puts.length; i++) {
            puts[i] = put(words, "k" + i, "small", Stored.NEVER);
        }
        long revision = commit(puts);

        assertThat(home.rows("select part from ${schema}.kvist_commits where revision = " + revision))
                .hasSizeGreaterThan(1);
        try (Feed feed = backend.follow(new Scope.Keyspaces(""), OptionalLong.of(revision - 1), 10)) {
            Committed event = (Committed) feed.next(LONG);
            assertThat(event.revision()).isEqualTo(revision);
            assertThat(event.changes()).hasSize(puts.length).allSatisfy(change -> {
                assertThat(Arrays.equals(change.before().array(), large)).isTrue();
                assertThat(change.after().array()).isEqualTo(bytes("small"));
            });
            assertThat(event.changes())
                    .extracting(change -> new String(change.key()))
                    .isSorted();
        }
    }

    @Test
    void ofASweepAreOneCommitAllTheSame() throws Exception {
        byte[] large = new byte[5 << 20];
        Operation[] puts = new Operation[8];
        for (int i = 0; i < puts.length; i++) {
            puts[i] = new Operation.Put(words, bytes("k" + i), large, clock.millis() + 1);
        }
        commit(puts);
        clock.move(Duration.ofMillis(1));

        assertThat(backend.sweep(keyspace -> true, Durability.SYNC)).isEqualTo(puts.length);

        try (Feed feed = backend.follow(new Scope.Keyspaces(""), OptionalLong.of(backend.revision() - 1), 10)) {
            Committed event = (Committed) feed.next(LONG);
            assertThat(event.changes()).hasSize(puts.length).allSatisfy(change -> {
                assertThat(change.expired()).isTrue();
                assertThat(change.after()).isNull();
                assertThat(Arrays.equals(change.before().array(), large)).isTrue();
            });
        }
    }
}
