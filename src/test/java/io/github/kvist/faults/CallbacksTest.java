// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.Change;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.VerifyReport;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.HeapStorage;
import io.github.kvist.testkit.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever code of the user throws, wherever the store calls it, ends that one call: the caller gets it, or a typed error that it
 * caused; nothing is half done, no lock stays held, and the store goes on.
 */
@Tag("campaign")
@Timeout(300)
final class CallbacksTest {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final int HITS_MAX = Scale.pick(2, 12, 40);
    private static final Campaign CAMPAIGN = new Campaign("whatever user code throws, wherever it is called");

    /** What is thrown; some of it cannot be thrown by code that the compiler looks after, and is all the same. */
    enum Kind {
        RUNTIME_EXCEPTION(() -> new IllegalStateException("of the user")),
        OF_OURS(() -> new KvException.Conflict("of the user")),
        CHECKED_EXCEPTION(() -> new IOException("of the user")),
        INTERRUPTED(() -> new InterruptedException("of the user")),
        ASSERTION(() -> new AssertionError("of the user")),
        NO_MEMORY(() -> new OutOfMemoryError("of the user")),
        NO_STACK(Kind::endlessly),
        DEATH(ThreadDeath::new);

        private final Supplier<Throwable> made;

        Kind(Supplier<Throwable> made) {
            this.made = made;
        }

        @SuppressWarnings("InfiniteRecursion") // that is the point
        private static Throwable endlessly() {
            try {
                return endlessly();
            } catch (StackOverflowError end) {
                return end;
            }
        }
    }

    /** Where the store calls the user. Comparators of key codecs are missing: nothing calls them. */
    enum Place {
        CODEC_ID,
        KEY_ENCODE,
        KEY_DECODE,
        KEY_ENCODE_PREFIX,
        VALUE_ENCODE,
        VALUE_DECODE,
        INDEX_ENCODE,
        EXTRACTOR,
        CLOCK,
        CLOSURE,
        ON_COMMIT,
        STREAM,
        LISTENER;

        private String wire() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private static final Set<Kind> KINDS =
            Scale.now() == Scale.SMALL ? EnumSet.of(Kind.CHECKED_EXCEPTION, Kind.NO_STACK) : EnumSet.allOf(Kind.class);

    /** What the store holds after each action at which nothing was thrown. */
    private static final Map<String, Map<String, String>> EXPECTED = new HashMap<>();

    private interface Action {
        void run(Floor floor) throws Exception;
    }

    @TempDir
    private static Path directory;

    @ParameterizedTest
    @EnumSource(Place.class)
    void endsOneCallAndNothingElse(Place place) throws Exception {
        Set<String> reached = new TreeSet<>();
        for (Kind kind : KINDS) {
            for (Map.Entry<String, Action> action : actions().entrySet()) {
                for (int nth = 1; nth <= HITS_MAX; nth++) {
                    if (!throwsAt(place, nth, kind, action.getKey(), action.getValue())) {
                        break;
                    }
                    reached.add(action.getKey());
                    CAMPAIGN.count("throws");
                }
            }
        }
        assertThat(reached).as("calls that lead to " + place).isNotEmpty();
        CAMPAIGN.count("places");
    }

    @AfterAll
    static void tell() {
        CAMPAIGN.atLeast("places", Place.values().length).end();
    }

    /** Whether the call came so far as to throw. */
    private static boolean throwsAt(Place place, int nth, Kind kind, String name, Action action) throws Exception {
        String what = kind + " at the " + nth + ". call of " + place + " in " + name;
        Map<String, String> expected = expected(name, action);
        try (Floor floor = new Floor()) {
            floor.wire.arm(place.wire(), nth, kind.made);
            Throwable got = null;
            try {
                action.run(floor);
            } catch (Throwable caught) {
                got = caught;
            }
            Throwable thrown = floor.wire.disarm();
            if (thrown == null) {
                assertThat(got).as(what).isNull();
                return false;
            }
            // A conflict, wherever it comes from, runs the transaction again.
            if (got != null || kind != Kind.OF_OURS) {
                requireAnswer(what, thrown, got);
            }
            Map<String, String> content = floor.content();
            assertThat(content).as(what).isIn(floor.before, expected);
            if (place == Place.ON_COMMIT) {
                assertThat(floor.told).as(what + " stops no other action").isTrue();
                assertThat(content).as(what).isEqualTo(expected);
            }
            floor.requireHealthy(what);
        }
        return true;
    }

    private static Map<String, String> expected(String name, Action action) throws Exception {
        Map<String, String> known = EXPECTED.get(name);
        if (known != null) {
            return known;
        }
        try (Floor floor = new Floor()) {
            action.run(floor);
            Map<String, String> content = floor.content();
            EXPECTED.put(name, content);
            return content;
        }
    }

    /** The same throwable, or an error of ours that says what it comes from. */
    private static void requireAnswer(String what, Throwable thrown, @Nullable Throwable got) {
        assertThat(got).as(what).isNotNull();
        if (got == thrown) {
            return;
        }
        assertThat(got).as(what).isInstanceOf(KvException.class);
        Throwable cause = got;
        while (cause != null && cause != thrown) {
            cause = cause.getCause();
        }
        assertThat(cause).as(what + " is the cause").isSameAs(thrown);
    }

    /** Calls of the API that lead to user code. */
    private static Map<String, Action> actions() {
        Map<String, Action> actions = new LinkedHashMap<>();
        actions.put("first put", floor -> floor.store.in(floor.fresh).put("k", "v"));
        actions.put("put", floor -> floor.store.in(floor.plain).put("k", "v"));
        actions.put(
                "expiring put", floor -> floor.store.in(floor.plain).put("k", "v", Expiry.after(Duration.ofHours(1))));
        actions.put("indexed put", floor -> floor.store.in(floor.people).put("a", "oslo 9"));
        actions.put("putAll", floor -> floor.store.in(floor.people).putAll(Map.of("a", "rome 9", "x", "rome 8")));
        actions.put("putIfAbsent", floor -> floor.store.in(floor.people).putIfAbsent("x", "rome 9"));
        actions.put(
                "compute",
                floor -> floor.store.in(floor.people).compute("a", old -> {
                    floor.wire.pass("closure");
                    return "rome" + old.substring(4);
                }));
        actions.put("touch", floor -> floor.store.in(floor.people).touch("a", Expiry.after(Duration.ofHours(1))));
        actions.put("replace", floor -> {
            Entry<String, String> seen = floor.store.in(floor.people).entry("a").orElseThrow();
            assertThat(floor.store.in(floor.people).replace("a", seen.version(), "oslo 8"))
                    .isTrue();
        });
        actions.put("delete", floor -> floor.store.in(floor.people).delete("a"));
        actions.put("deleteRange", floor -> floor.store.in(floor.people).deleteRange(KeyRange.prefix("b")));
        actions.put("clear", floor -> floor.store.in(floor.people).clear());
        actions.put("get", floor -> floor.store.in(floor.people).get("a"));
        actions.put("getAll", floor -> floor.store.in(floor.people).getAll(Set.of("a", "bo")));
        actions.put(
                "scan",
                floor -> floor.store.in(floor.people).scan(KeyRange.prefix("b")).toList());
        actions.put("scan by index", floor -> {
            try (Stream<Entry<String, String>> found =
                    floor.store.in(floor.people).by(floor.city).eq("oslo").stream()) {
                found.forEach(entry -> floor.wire.pass("stream"));
            }
        });
        actions.put(
                "index build",
                floor -> floor.store.in(floor.indexed).by(floor.length).count(6L));
        actions.put(
                "index build by a write", floor -> floor.store.in(floor.indexed).put("k", "value"));
        actions.put("update", floor -> floor.store.update(transaction -> floor.write(transaction)));
        actions.put("commit", floor -> {
            try (WriteTransaction transaction = floor.store.begin()) {
                floor.write(transaction);
                long unused = transaction.commit();
            }
        });
        actions.put(
                "read",
                floor -> floor.store.read(transaction -> {
                    floor.wire.pass("closure");
                    return transaction.in(floor.people).scan().toList();
                }));
        actions.put("watch", CallbacksTest::watch);
        actions.put("diff", floor -> {
            try (Snapshot from = floor.store.snapshot()) {
                floor.store.in(floor.people).put("x", "rome 9");
                try (Snapshot to = floor.store.snapshot();
                        Stream<Change<?, ?>> changes = floor.store.diff(from, to)) {
                    changes.forEach(change -> floor.wire.pass("stream"));
                }
            }
        });
        actions.put("merge", floor -> {
            try (Snapshot base = floor.store.snapshot();
                    KvStore fork = base.fork()) {
                fork.in(floor.people).put("x", "rome 9");
                fork.in(floor.people).delete("a");
                floor.store.merge(fork);
            }
        });
        actions.put("sweep", floor -> floor.store.admin().sweep());
        actions.put("verify", floor -> {
            VerifyReport report = floor.store.admin().verify();
            if (!report.clean()) { // its answer to what throws
                throw new KvException.CodecFailure(
                        report.findings().toString(), Objects.requireNonNull(floor.wire.disarm()));
            }
        });
        actions.put("stats", floor -> floor.store.admin().stats());
        actions.put("checkpoint", floor -> floor.store.admin().checkpoint());
        actions.put("backup", CallbacksTest::backup);
        actions.put("image to a stream", floor -> {
            try (Snapshot snapshot = floor.store.snapshot()) {
                snapshot.writeTo(floor.new Out());
            }
        });
        actions.put("restore", floor -> {
            floor.store.admin().restore(floor.new In(floor.image), true, (done, total) -> floor.wire.pass("listener"));
        });
        actions.put(
                "export",
                floor -> floor.store
                        .admin()
                        .exportJsonLines(floor.new Out(), (done, total) -> floor.wire.pass("listener")));
        actions.put(
                "import",
                floor -> floor.store
                        .admin()
                        .importJsonLines(floor.new In(floor.lines), (done, total) -> floor.wire.pass("listener")));
        return actions;
    }

    private static void watch(Floor floor) throws InterruptedException {
        try (Watch watch = floor.store.watch(WatchOptions.of(floor.people).range(KeyRange.atLeast("a")))) {
            floor.store.in(floor.people).put("x", "rome 9");
            assertThat(watch.next(Duration.ofSeconds(20))).isNotNull();
        }
    }

    private static void backup(Floor floor) throws IOException {
        Path target = directory.resolve("backup");
        try {
            floor.store.admin().backup(target, (done, total) -> floor.wire.pass("listener"));
        } finally {
            Files.deleteIfExists(target);
            try (Stream<Path> left = Files.list(directory)) {
                assertThat(left).isEmpty();
            }
        }
    }

    /** A store with a little of everything, whose user code may throw. */
    private static final class Floor implements AutoCloseable {
        final Tripwire wire = new Tripwire();
        final Index<String, String> city = Index.of("city", wire.keys(Keys.string(), "index"), person -> {
            wire.pass("extractor");
            return person.substring(0, person.indexOf(' '));
        });
        final Index<String, Long> length = Index.of("length", Keys.int64(), text -> {
            wire.pass("extractor");
            return (long) text.length();
        });
        final Table<String, String> plain = table("plain");
        final Table<String, String> people = table("people").with(city);
        final Table<String, String> indexed = table("indexed").with(length);
        final Table<String, String> fresh = table("fresh");

        final HeapStorage storage = new HeapStorage();
        final KvStore store;
        final Map<String, String> before;
        boolean told;
        final byte[] lines;
        final byte[] image;

        Floor() {
            Options options = Options.defaults().clock(wire.clock(new SettableClock(START)));
            try (KvStore first = Kvist.open(storage, options)) {
                first.in(table("indexed")).put("k1", "value1"); // without its index
                first.in(people).put("a", "oslo 1");
                first.in(people).put("bo", "oslo 2");
                first.in(people).put("bert", "bern 3");
                first.in(plain).put("p", "q");
                first.in(plain).put("stays", "a while", Expiry.after(Duration.ofDays(1)));
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                first.admin().exportJsonLines(out);
                lines = out.toByteArray();
                image = image(first);
            }
            store = Kvist.open(storage, options);
            store.in(people).put("cy", "rome 4"); // and known is the definition of this table only
            before = content();
        }

        private Table<String, String> table(String name) {
            return Table.of(name, wire.keys(Keys.string(), "key"), wire.codec(Values.string(), "value"));
        }

        void write(WriteTransaction transaction) {
            wire.pass("closure");
            transaction.onCommit(revision -> wire.pass("on commit"));
            transaction.in(plain).put("k", "v");
            transaction.in(people).delete("bert");
            wire.pass("closure");
            transaction.onCommit(revision -> wire.pass("on commit"));
            transaction.onCommit(revision -> told = true);
            transaction.in(people).put("a", "rome 9", Expiry.after(Duration.ofHours(1)));
            wire.pass("closure");
        }

        private static byte[] image(KvStore store) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (Snapshot snapshot = store.snapshot()) {
                snapshot.writeTo(out);
            }
            return out.toByteArray();
        }

        Map<String, String> content() {
            return content(store);
        }

        private Map<String, String> content(KvStore of) {
            Map<String, String> content = new TreeMap<>();
            of.read(transaction -> {
                for (Table<String, String> table : List.of(plain, people, indexed, fresh)) {
                    for (Entry<String, String> entry : transaction.in(table).scan()) {
                        content.put(table.name() + " " + entry.key(), entry.value() + " " + entry.expiresAt());
                    }
                }
                return 0;
            });
            return content;
        }

        /** Writes of all kinds go through, on this thread and on others, and a crash loses none. */
        void requireHealthy(String what) throws Exception {
            use("here");
            CompletableFuture<Void> other = new CompletableFuture<>();
            new Thread(() -> {
                        try {
                            use("there");
                            other.complete(null);
                        } catch (Throwable failed) {
                            other.completeExceptionally(failed);
                        }
                    })
                    .start();
            try {
                other.get(20, TimeUnit.SECONDS);
            } catch (Exception stuck) {
                throw new AssertionError(what + ": others cannot go on", stuck);
            }
            assertThat(store.admin().verify().findings()).as(what).isEmpty();
            assertThat(store.in(people).by(city).count("paris")).as(what).isEqualTo(2);
            try (KvStore reopened =
                    Kvist.open(storage.afterCrash(), Options.defaults().clock(new SettableClock(START)))) {
                assertThat(content(reopened)).as(what).isEqualTo(content());
                assertThat(reopened.admin().verify().findings()).as(what).isEmpty();
            }
        }

        private void use(String where) {
            store.in(plain).put(where, "1");
            store.in(people).put(where, "paris 1");
            store.update(transaction -> {
                transaction.in(plain).put(where, "2");
                transaction.in(people).put(where, "paris 2");
            });
            store.admin().checkpoint();
            store.admin().sweep();
            try (Snapshot snapshot = store.snapshot()) {
                assertThat(snapshot.in(people).get(where)).contains("paris 2");
            }
        }

        @Override
        public void close() {
            store.close();
        }

        private final class Out extends OutputStream {
            @Override
            public void write(int one) {
                wire.pass("stream");
            }

            @Override
            public void write(byte[] bytes, int offset, int count) {
                wire.pass("stream");
            }
        }

        private final class In extends InputStream {
            private final ByteArrayInputStream bytes;

            In(byte[] bytes) {
                this.bytes = new ByteArrayInputStream(bytes);
            }

            @Override
            public int read() {
                wire.pass("stream");
                return bytes.read();
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                wire.pass("stream");
                return bytes.read(target, offset, length);
            }
        }
    }
}
