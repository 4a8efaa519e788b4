// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.Durability;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Stats;
import io.github.kvist.api.Table;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.servers.Servers;
import io.github.kvist.testkit.SettableClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What the backend does beside what every store promises. */
final class PostgresBackendTest {

    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());

    private final PostgresHome home = new PostgresHome();

    @AfterEach
    void drop() {
        home.close();
    }

    @Test
    void largeValuesOfAScanComeOneByOneAndWhole() {
        try (PostgresBackend backend = home.backend(Options.defaults())) {
            Keyspace blobs = backend.keyspace("t/blobs");
            List<Operation> puts = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                byte[] value = new byte[i % 10 == 0 ? Reading.VALUE_BYTES_OF_PAGE + i : i];
                puts.add(new Operation.Put(blobs, new byte[] {(byte) i}, value, Stored.NEVER));
            }
            backend.commit(new Commit(List.of(), puts, Durability.SYNC));

            try (View view = backend.view();
                    EntryCursor forward = view.scan(blobs, new byte[0], null, false);
                    EntryCursor backward = view.scan(blobs, new byte[0], null, true)) {
                for (int i = 0; i < 100; i++) {
                    assertThat(forward.advance()).isTrue();
                    assertThat(forward.length()).isEqualTo(i % 10 == 0 ? Reading.VALUE_BYTES_OF_PAGE + i : i);
                    assertThat(backward.advance()).isTrue();
                    assertThat(backward.key()).containsExactly(99 - i);
                }
                assertThat(forward.advance()).isFalse();
                assertThat(backward.advance()).isFalse();
            }
        }
    }

    /** Counts the connections that are asked for. */
    private static final class CountingSource extends PGSimpleDataSource {
        private static final long serialVersionUID = 1;
        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public Connection getConnection() throws SQLException {
            asked.incrementAndGet();
            return super.getConnection();
        }
    }

    @Test
    void aClosureThatOnlyPutsIsOneCall() {
        CountingSource source = new CountingSource();
        source.setUrl(Servers.postgres().jdbcUrl());
        try (KvStore store =
                Kvist.open(PostgresBackend.of(source, home.schema, Options.defaults()), Options.defaults())) {
            store.in(WORDS).put("first", "1");
            store.in(WORDS).put("second", "2");
            int before = source.asked.get();

            store.update(tx -> {
                tx.in(WORDS).put("first", "one");
                tx.in(WORDS).put("third", "three");
            });

            assertThat(source.asked).hasValue(before + 1);
            assertThat(store.in(WORDS).get("first")).contains("one");
        }
    }

    @Test
    void versionsAreAboveThoseOfAnotherSystemHereAndInLaterProcesses() {
        long taken = (4711L << 32) + 5;
        try (PostgresBackend backend = home.backend(Options.defaults())) {
            backend.newVersionsAbove(taken);
            long version = backend.newVersion();
            assertThat(version).isGreaterThan(taken);

            backend.newVersionsAbove(1);
            assertThat(backend.newVersion()).isEqualTo(version + 1);
        }
        try (PostgresBackend later = home.backend(Options.defaults())) {
            assertThat(later.newVersion()).isGreaterThan(taken + (1L << 32));
        }
    }

    @Test
    void figuresTellWhatTablesHoldAndWhatWasDone() {
        SettableClock clock = new SettableClock(Instant.parse("2026-03-01T08:00:00Z"));
        try (KvStore store = home.open(Options.defaults().clock(clock));
                Watch watch = store.watch(WatchOptions.all())) {
            store.in(WORDS).put("a", "1");
            store.in(WORDS).put("b", "22");
            store.in(WORDS).put("c", "333", Expiry.after(Duration.ofSeconds(1)));
            clock.move(Duration.ofSeconds(1));
            store.admin().sweep();

            Stats stats = store.admin().stats();

            Stats.TableSize words = stats.table("words").orElseThrow();
            assertThat(words.entries()).isEqualTo(2);
            assertThat(words.bytes()).isEqualTo(5);
            assertThat(stats.revision()).isEqualTo(store.revision());
            assertThat(stats.commits().commits()).isGreaterThanOrEqualTo(3);
            assertThat(stats.expiry().expired()).isEqualTo(1);
            assertThat(stats.memory().historyBytes()).isPositive();
            assertThat(stats.watches().open()).isEqualTo(1);
        }
    }
}
