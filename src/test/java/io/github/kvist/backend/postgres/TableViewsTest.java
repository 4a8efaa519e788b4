// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Expiry;
import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables of documents, read with SQL. */
final class TableViewsTest {

    record Session(String user, int visits) {}

    private final PostgresHome home = new PostgresHome();
    private KvStore store;

    @BeforeEach
    void open() {
        store = home.open(Options.defaults());
    }

    @AfterEach
    void close() {
        store.close();
        home.close();
    }

    private static <K> Table<K, Session> table(String name, KeyCodec<K> keys) {
        return Table.of(name, keys, Values.json(Session.class));
    }

    @Test
    void documentsAndTheirKeysAreColumns() {
        Table<String, Session> sessions = table("sessions", Keys.string());
        store.in(sessions).put("s1", new Session("ann", 3));
        store.in(sessions).put("s2", new Session("bob", 4), Expiry.after(Duration.ofHours(1)));

        assertThat(home.rows("select key || ' ' || (value->>'user') || ' ' || (value->>'visits') || ' '"
                        + " || (expires_at > now())::text from ${schema}.sessions where expires_at is not null"))
                .containsExactly("s2 bob 4 true");
        assertThat(home.rows("select value->>'user' from ${schema}.sessions order by key"))
                .containsExactly("ann", "bob");
    }

    @Test
    void keysOfEveryKnownCodecAreReadable() {
        Table<Long, Session> longs = table("longs", Keys.int64());
        Table<Integer, Session> ints = table("ints", Keys.int32());
        Table<UUID, Session> uuids = table("uuids", Keys.uuid());
        UUID uuid = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
        for (long key : new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE}) {
            store.in(longs).put(key, new Session("x", 1));
            store.in(ints).put((int) key, new Session("x", 1));
        }
        store.in(uuids).put(uuid, new Session("x", 1));

        assertThat(home.rows("select key from ${schema}.longs order by key"))
                .containsExactly("-9223372036854775808", "-1", "0", "1", "9223372036854775807");
        assertThat(home.rows("select distinct key from ${schema}.ints order by key"))
                .containsExactly("-1", "0", "1");
        assertThat(home.rows("select key from ${schema}.uuids")).containsExactly(uuid.toString());
    }

    @Test
    void aDocumentThatJsonbDoesNotTakeIsNull() {
        Table<String, Session> sessions = table("sessions", Keys.string());
        store.in(sessions).put("good", new Session("ann", 3));
        store.in(sessions).put("bad", new Session("a\0b", 3));

        assertThat(home.rows("select key from ${schema}.sessions where value is null"))
                .containsExactly("bad");
    }

    @Test
    void nobodyWritesThroughThem() {
        Table<String, Session> sessions = table("sessions", Keys.string());
        store.in(sessions).put("s1", new Session("ann", 3));

        assertThatThrownBy(() -> home.run("delete from ${schema}.sessions"))
                .hasStackTraceContaining("cannot delete from view");
        assertThat(store.in(sessions).count()).isEqualTo(1);
    }

    @Test
    void aNameThatIsTakenOrTooLongCostsTheViewOnly() {
        home.run("create table ${schema}.orders (id int)");
        Table<String, Session> orders = table("orders", Keys.string());
        Table<String, Session> entries = table("kvist_entries", Keys.string());
        Table<String, Session> odd = table("it's \"odd\" ${schema} %s \\", Keys.string());
        Table<String, Session> tooLong = table("n".repeat(100), Keys.string());

        store.in(orders).put("a", new Session("ann", 1));
        store.in(entries).put("a", new Session("ann", 1));
        store.in(odd).put("a", new Session("ann", 1));
        store.in(tooLong).put("a", new Session("ann", 1));

        assertThat(home.rows("select id from ${schema}.orders")).isEmpty();
        assertThat(home.rows("select viewname from pg_views where schemaname = '" + home.schema + "'"))
                .containsExactly("it's \"odd\" ${schema} %s \\");
    }
}
