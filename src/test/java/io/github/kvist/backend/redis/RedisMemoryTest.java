// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.servers.RedisServer;
import io.github.kvist.servers.Servers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server without memory refuses what makes it larger, and nothing else. */
@Timeout(60)
final class RedisMemoryTest {

    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());

    @Test
    void aFullServerRefusesWritesAndServesReadsUntilItHasRoom() {
        try (RedisServer server = Servers.newRedis("maxmemory-policy noeviction");
                KvStore store = Kvist.open(server.uri("memory"))) {
            store.in(WORDS).put("k", "v");

            server.ask("CONFIG", "SET", "maxmemory", "1mb");

            assertThatThrownBy(() -> store.in(WORDS).put("more", "v"))
                    .isInstanceOf(KvException.LimitExceeded.class)
                    .hasMessageContaining("maxmemory");
            assertThat(store.in(WORDS).get("k")).contains("v");
            assertThat(store.in(WORDS).get("more")).isEmpty();

            server.ask("CONFIG", "SET", "maxmemory", "0");

            store.in(WORDS).put("more", "v");
            assertThat(store.in(WORDS).get("more")).contains("v");
        }
    }
}
