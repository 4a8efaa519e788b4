// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import static io.github.kvist.backend.redis.Stores.bytes;
import static io.github.kvist.backend.redis.Stores.commit;
import static io.github.kvist.backend.redis.Stores.keys;
import static io.github.kvist.backend.redis.Stores.put;
import static io.github.kvist.backend.redis.Stores.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.View;
import io.github.kvist.servers.RedisServer;
import io.github.kvist.servers.Servers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names and keys: nothing reaches beyond its place, and nothing that is something else is touched. */
final class RedisLayoutTest {

    private static final List<String> NAMES = List.of(
            "t/a",
            "t/a\u0000",
            "t/a}:h:b",
            "{kvist:x}:meta",
            "meta",
            "\"'\\ \r\n",
            "",
            "\ud800",
            "\udc00",
            "?",
            "\u00ff\ud800",
            "x".repeat(300),
            "\u20ac".repeat(300));

    private final RedisServer server = Servers.redis();
    private final String name = Stores.newName();

    @Test
    void noNameOfAKeyspaceReachesAnother() {
        try (RedisBackend backend = Stores.open(server.uri(name))) {
            for (String keyspace : NAMES) {
                backend.commit(commit(put(backend.keyspace(keyspace), "key", "of " + keyspace)));
            }
            try (View view = backend.view()) {
                for (String keyspace : NAMES) {
                    assertThat(keys(view, backend.keyspace(keyspace), false)).containsExactly("key");
                    assertThat(value(view, backend.keyspace(keyspace), "key"))
                            .isEqualTo(new String(bytes("of " + keyspace), StandardCharsets.UTF_8));
                }
            }
            backend.commit(commit(put(backend.keyspace("t/b"), "due", "1", 1_000_000_000_000_000L)));
        }
    }

    @Test
    void namesAreTheSameOnTheirWayBack() {
        for (String keyspace : NAMES) {
            byte[] encoded = KeyspaceName.bytes(keyspace);
            assertThat(KeyspaceName.of(encoded, 0, encoded.length)).isEqualTo(keyspace);
        }
        assertThat(NAMES.stream().map(KeyspaceName::bytes).map(Arrays::toString).distinct())
                .hasSize(NAMES.size());
    }

    @Test
    void aStoreTouchesNoKeyOfAnother() {
        List<String> names = List.of(name, name + "}", name + "}:h:x", name + "%7D", name + " {", name + "\u20ac");
        List<RedisBackend> stores = new ArrayList<>();
        for (String each : names) {
            stores.add(Stores.open(server.uri(each.replace("%", "%25"))));
        }
        for (RedisBackend store : stores) {
            Keyspace words = store.keyspace("t/words");
            try (View view = store.view()) {
                assertThat(view.revision()).isZero();
                assertThat(keys(view, words, false)).isEmpty();
            }
            store.commit(commit(put(words, "key", "value")));
        }
        stores.forEach(RedisBackend::close);
    }

    @Test
    void allKeysOfAStoreLieInOneSlot() {
        Layout layout = new Layout("a}b{c");
        byte[] tag = bytes("{kvist:a%7Db%7Bc}:");
        List<byte[]> all = List.of(
                layout.meta,
                layout.stream,
                layout.marks,
                layout.names,
                layout.deadlines,
                layout.fences,
                layout.keyspace("{x}").entries(),
                layout.keyspace("{x}").order());

        assertThat(all)
                .allSatisfy(key -> assertThat(Arrays.copyOf(key, tag.length)).isEqualTo(tag));
    }

    @Test
    void aKeyspaceOfAnotherStoreIsRefused() {
        try (RedisBackend one = Stores.open(server.uri(name));
                RedisBackend other = Stores.open(server.uri(name))) {
            Keyspace foreign = other.keyspace("t/a");

            assertThatThrownBy(() -> one.get(foreign, bytes("a"))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> one.commit(commit(put(foreign, "a", "1"))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aNewerLayoutIsRefusedAndLeftAsItIs() {
        String meta = "{kvist:" + name + "}:meta";
        server.ask("HSET", meta, "layout", "2", "revision", "7");

        assertThatThrownBy(() -> Stores.open(server.uri(name)))
                .isInstanceOf(KvException.UnsupportedFormat.class)
                .hasMessageContaining("layout 2");

        assertThat(server.ask("HLEN", meta)).isEqualTo("2");
    }

    @Test
    void whatIsNoStoreIsRefusedAndLeftAsItIs() {
        String meta = "{kvist:" + name + "}:meta";
        server.ask("SET", meta, "something else");

        assertThatThrownBy(() -> Stores.open(server.uri(name))).isInstanceOf(KvException.UnsupportedFormat.class);

        assertThat(server.ask("GET", meta)).isEqualTo("something else");
    }

    @Test
    void aStoreWhoseKeysWereDeletedSaysSo() {
        try (RedisBackend backend = Stores.open(server.uri(name))) {
            Keyspace words = backend.keyspace("t/words");
            backend.commit(commit(put(words, "a", "1")));
            server.ask("DEL", "{kvist:" + name + "}:meta");

            assertThatThrownBy(() -> backend.get(words, bytes("a")))
                    .isInstanceOf(KvException.Corrupt.class)
                    .hasMessageContaining("deleted or evicted");
            assertThatThrownBy(() -> backend.commit(commit(put(words, "a", "2"))))
                    .isInstanceOf(KvException.Corrupt.class);
        }
    }

    @Test
    void openingToReadWritesNothing() {
        try (RedisBackend writer = Stores.open(server.uri(name))) {
            Keyspace words = writer.keyspace("t/words");
            writer.commit(commit(put(words, "a", "1"), put(words, "b", "2", 1)));
        }
        String meta = "{kvist:" + name + "}:meta";
        String before = server.ask("HGETALL", meta);
        try (RedisBackend reader =
                Stores.open(server.uri(name), Options.defaults().readOnly())) {
            Keyspace words = reader.keyspace("t/words");

            assertThat(value(reader.get(words, bytes("a")))).isEqualTo("1");
            assertThat(reader.sweep(each -> true, Durability.MEMORY)).isZero();
            assertThatThrownBy(() -> reader.commit(commit(put(words, "a", "2"))))
                    .isInstanceOf(KvException.Unsupported.class);
        }
        assertThat(server.ask("HGETALL", meta)).isEqualTo(before);
    }

    @Test
    void openingToReadMakesNoStore() {
        assertThatThrownBy(
                        () -> Stores.open(server.uri(name), Options.defaults().readOnly()))
                .isInstanceOf(KvException.Unsupported.class)
                .hasMessageContaining("no store");

        assertThat(server.ask("EXISTS", "{kvist:" + name + "}:meta")).isEqualTo("0");
    }
}
