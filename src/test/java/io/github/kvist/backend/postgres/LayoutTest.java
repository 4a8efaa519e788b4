// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.servers.Servers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The tables and functions of a store. */
final class LayoutTest {

    private final PostgresHome home = new PostgresHome();

    @AfterEach
    void drop() {
        home.close();
    }

    private List<String> layout() {
        return home.rows("select layout from ${schema}.kvist_meta");
    }

    @Test
    void firstOpeningMakesItAndLaterOnesFindIt() {
        home.backend(Options.defaults()).close();
        List<String> first = layout();

        home.backend(Options.defaults()).close();

        assertThat(first).isEqualTo(layout()).containsExactly("" + Layout.CURRENT);
    }

    @Test
    void severalOpeningsAtOnceMakeItOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<PostgresBackend>> opened = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                opened.add(threads.submit(() -> home.backend(Options.defaults())));
            }
            for (Future<PostgresBackend> each : opened) {
                each.get().close();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(layout()).containsExactly("" + Layout.CURRENT);
    }

    @Test
    void anOlderOneIsBroughtUpToDateWithItsData() {
        home.run("create schema ${schema}");
        home.run(new SchemaName(home.schema).script("layout-1.sql"));
        home.run("select ${schema}.kvist_keyspace('t/words')");
        home.run("insert into ${schema}.kvist_entries (keyspace, key, value, version, deadline)"
                + " values (1, 'a', 'b', 7, 9223372036854775807)");

        try (PostgresBackend backend = home.backend(Options.defaults())) {
            assertThat(backend.get(backend.keyspace("t/words"), new byte[] {'a'})
                            .version())
                    .isEqualTo(7);
        }
        assertThat(layout()).containsExactly("" + Layout.CURRENT);
        assertThat(home.rows("select ${schema}.kvist_text('x')")).containsExactly("x");
    }

    @Test
    void aNewerOneIsRefusedAndLeftAsItIs() {
        home.backend(Options.defaults()).close();
        home.run("update ${schema}.kvist_meta set layout = 99");
        home.run("drop function ${schema}.kvist_sweep");

        assertThatThrownBy(() -> home.backend(Options.defaults()))
                .isInstanceOf(KvException.UnsupportedFormat.class)
                .hasMessageContaining("layout 99")
                .hasMessageContaining("" + Layout.CURRENT);

        assertThat(layout()).containsExactly("99");
        assertThat(home.rows("select proname from pg_proc where proname = 'kvist_sweep'"
                        + " and pronamespace = '${schema}'::regnamespace"))
                .isEmpty();
    }

    @Test
    void readOnlyOpeningMakesNothing() {
        assertThatThrownBy(() -> home.backend(Options.defaults().readOnly()))
                .isInstanceOf(KvException.Unsupported.class)
                .hasMessageContaining("read-only");

        assertThat(home.rows("select nspname from pg_namespace where nspname = '" + home.schema + "'"))
                .isEmpty();
    }

    @Test
    void aNameWithQuotesAndBackslashesIsASchemaToo() {
        PostgresHome odd = new PostgresHome("odd \"name\" with 'quotes', a \\, ${name} and % ");
        try (odd;
                PostgresBackend backend = odd.backend(Options.defaults())) {
            Writes.put(backend, "t/words", "k", "v");

            assertThat(Writes.get(backend, "t/words", "k")).isEqualTo("v");
        }
    }

    @Test
    void aUserWithoutRightsIsToldWhatToGrant() {
        home.run("drop role if exists kvist_guest");
        home.run("create role kvist_guest login password 'guest'");
        try {
            String uri = Servers.postgres().uri(home.schema);
            Options guest = Options.defaults().credentials("kvist_guest", "guest");

            assertThatThrownBy(() -> io.github.kvist.Kvist.open(uri, guest))
                    .isInstanceOf(KvException.Unavailable.class)
                    .hasMessageContaining("create schema")
                    .hasMessageContaining("kvist_guest");

            home.backend(Options.defaults()).close();
            assertThatThrownBy(() -> io.github.kvist.Kvist.open(uri, guest))
                    .isInstanceOf(KvException.Unavailable.class)
                    .hasMessageContaining("Grant");
        } finally {
            home.run("drop role kvist_guest");
        }
    }
}
