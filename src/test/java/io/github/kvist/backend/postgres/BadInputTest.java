// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.backend.View;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.servers.Servers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a store in PostgreSQL is not to be asked, and what it says then. */
final class BadInputTest {

    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());

    private final PostgresHome home = new PostgresHome();

    @AfterEach
    void drop() {
        home.close();
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://localhost, database",
        "postgresql://localhost/db?sslmode=prefer, verify-full",
        "postgresql://localhost/db?sslmode=allow, verify-full",
        "postgresql://localhost/db?snapshots=0, snapshots",
        "postgresql://localhost/db?readers=many, readers",
        "postgresql://localhost/db?schema=a%00b, schema",
        "postgresql://localhost/db?colour=red, sslrootcert"
    })
    void anAddressThatIsNoneSaysWhatItShouldBe(String uri, String told) {
        assertThatThrownBy(() -> Kvist.open(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(told);
    }

    @Test
    void aServerWithoutACertificateIsRefusedUnlessThatIsSpelledOut() {
        String uri = Servers.postgres().uri(home.schema).replace("&sslmode=disable", "");

        assertThatThrownBy(() -> Kvist.open(uri))
                .isInstanceOf(KvException.Unavailable.class)
                .hasMessageContaining("sslmode=disable");
    }

    @Test
    void aWrongPasswordIsNamedAndNotShown() {
        Options wrong = Options.defaults().credentials("postgres", "guess-me");

        assertThatThrownBy(() -> Kvist.open(Servers.postgres().uri(home.schema), wrong))
                .isInstanceOf(KvException.Unavailable.class)
                .hasMessageContaining("password")
                .hasMessageNotContaining("guess-me");
    }

    @Test
    void aDatabaseThatIsNotThereIsNamed() {
        String uri = Servers.postgres().uri(home.schema).replace("/postgres?", "/absent?");

        assertThatThrownBy(() -> Kvist.open(uri))
                .isInstanceOf(KvException.Unavailable.class)
                .hasMessageContaining("/absent")
                .hasMessageContaining("no such database");
    }

    @Test
    void aServerThatTakesNoWritesIsTold() {
        home.backend(Options.defaults()).close();
        String uri = Servers.postgres().uri(home.schema);
        home.run("create role kvist_reader superuser login password 'reader'");
        home.run("alter role kvist_reader set default_transaction_read_only = on");
        try {
            Options reader = Options.defaults().credentials("kvist_reader", "reader");

            assertThatThrownBy(() -> Kvist.open(uri, reader))
                    .isInstanceOf(KvException.Unavailable.class)
                    .hasMessageContaining("read");
            try (KvStore store = Kvist.open(uri, reader.readOnly())) {
                assertThat(store.in(WORDS).get("a")).isEmpty();
            }
        } finally {
            home.run("drop role kvist_reader");
        }
    }

    @Test
    void snapshotsBeyondTheirConnectionsEndInTimeAndLeaveWritersAlone() {
        Options hasty = Options.defaults().timeout(Duration.ofSeconds(2));
        try (KvStore store = Kvist.open(Servers.postgres().uri(home.schema) + "&snapshots=1", hasty)) {
            store.in(WORDS).put("a", "1");
            try (Snapshot first = store.snapshot()) {
                assertThat(first.in(WORDS).get("a")).contains("1");
                long begun = System.nanoTime();

                assertThatThrownBy(store::snapshot)
                        .isInstanceOf(KvException.Unavailable.class)
                        .hasMessageContaining("snapshots=");

                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
                store.in(WORDS).put("a", "2");
                assertThat(store.in(WORDS).get("a")).contains("2");
            }
            try (Snapshot third = store.snapshot()) {
                assertThat(third.in(WORDS).get("a")).contains("2");
            }
        }
    }

    @Test
    void aViewWhoseConnectionWasEndedSaysSo() {
        try (PostgresBackend backend = home.backend(Options.defaults());
                View view = backend.view()) {
            Writes.put(backend, "t/words", "k", "v");
            assertThat(view.revision()).isPositive();
            home.run("select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'"
                    + " and query like '%" + home.schema + "%'");

            assertThatThrownBy(() -> view.get(backend.keyspace("t/words"), new byte[] {'k'}))
                    .isInstanceOf(KvException.Unavailable.class);
            assertThat(Writes.get(backend, "t/words", "k")).isEqualTo("v");
        }
    }

    @Test
    void namesOfKeyspacesDoNotEscape() {
        List<String> names = List.of(
                "t/a",
                "t/a'; drop table x; --",
                "t/\"",
                "t/\\",
                "t/\\0000",
                "t/a\0b",
                "t/\uD800",
                "t/é",
                "t/" + "n".repeat(298));
        try (PostgresBackend backend = home.backend(Options.defaults())) {
            for (String name : names) {
                Writes.put(backend, name, "k", name);
            }
            for (String name : names) {
                if (!name.contains("\uD800")) {
                    assertThat(Writes.get(backend, name, "k")).isEqualTo(name);
                }
            }
        }
        try (PostgresBackend again = home.backend(Options.defaults())) {
            assertThat(Writes.get(again, "t/a\0b", "k")).isEqualTo("t/a\0b");
        }
    }
}
