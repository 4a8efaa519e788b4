// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.Change;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.servers.RedisServer;
import io.github.kvist.servers.Servers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The sweep of a store whose server goes and comes. */
final class RedisSweepTest {

    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());

    @Test
    void itGoesOnWhenTheServerHasComeBack() throws Exception {
        try (RedisServer server = Servers.newDurableRedis();
                KvStore store = Kvist.open(server.uri("swept"));
                Watch watch = store.watch(WatchOptions.of(WORDS))) {
            store.in(WORDS).put("due", "1", Expiry.after(Duration.ofMillis(700)));
            assertThat(watch.next(Duration.ofSeconds(20))).isInstanceOf(WatchEvent.Committed.class);

            server.kill();
            // Longer than it takes until the store sweeps by itself.
            for (long end = System.nanoTime() + 600_000_000; System.nanoTime() < end; ) {
                assertThatThrownBy(() -> store.in(WORDS).get("due")).isInstanceOf(KvException.Unavailable.class);
            }
            server.restart();

            assertThat(watch.next(Duration.ofSeconds(20)))
                    .isInstanceOfSatisfying(
                            WatchEvent.Committed.class,
                            event -> assertThat(event.changes())
                                    .singleElement()
                                    .satisfies(
                                            change -> assertThat(change.kind()).isEqualTo(Change.Kind.EXPIRE)));
        }
    }
}
