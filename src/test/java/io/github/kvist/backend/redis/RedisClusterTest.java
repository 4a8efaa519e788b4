// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchEvent;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.servers.RedisCluster;
import io.github.kvist.servers.RedisServer;
import io.github.kvist.servers.Servers;
import io.github.kvist.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stores in a cluster: each lies on one node, which any other tells. */
final class RedisClusterTest {

    private static final Index<String, Integer> BY_LENGTH = Index.of("by_length", Keys.int32(), String::length);
    private static final Table<String, String> WORDS =
            Table.of("words", Keys.string(), Values.string()).with(BY_LENGTH);

    private final RedisCluster cluster = Servers.redisCluster();

    @Test
    void storesOfManyNamesWorkWhicheverNodeHasThem() throws Exception {
        SettableClock clock = new SettableClock(Instant.parse("2026-03-01T08:00:00Z"));
        for (int i = 0; i < 6; i++) {
            String uri = cluster.uri(Stores.newName());
            try (KvStore store = Kvist.open(uri, Options.defaults().clock(clock));
                    KvStore other = Kvist.open(uri, Options.defaults().clock(clock));
                    Watch watch = other.watch(WatchOptions.of(WORDS))) {
                store.update(tx -> {
                    tx.in(WORDS).put("a", "one");
                    tx.in(WORDS).put("b", "two");
                    tx.in(WORDS).put("c", "three", Expiry.after(Duration.ofSeconds(1)));
                });

                assertThat(other.in(WORDS).scan().keys()).containsExactly("a", "b", "c");
                assertThat(other.in(WORDS).by(BY_LENGTH).eq(3).keys()).containsExactly("a", "b");
                assertThat(watch.next(Duration.ofSeconds(20)))
                        .isInstanceOfSatisfying(
                                WatchEvent.Committed.class,
                                event -> assertThat(event.changes()).hasSize(3));
                clock.move(Duration.ofSeconds(1));
                assertThat(other.in(WORDS).count()).isEqualTo(2);
                other.admin().sweep();
            }
        }
    }

    @Test
    void anyOneNodeLeadsToTheStore() {
        String name = Stores.newName();
        List<String> seen = new ArrayList<>();
        for (RedisServer node : cluster.nodes()) {
            try (KvStore store = Kvist.open(node.uri(name))) {
                seen.add(store.in(WORDS).get("k").orElse("nothing"));
                store.in(WORDS).put("k", node.address());
            }
        }

        assertThat(seen)
                .containsExactly(
                        "nothing",
                        cluster.nodes().get(0).address(),
                        cluster.nodes().get(1).address());
    }

    @Test
    void aServerThatIsInNoClusterIsNotTakenForOne() {
        String uri = Servers.redis().uri(Stores.newName()) + "&cluster=true";

        assertThatThrownBy(() -> Kvist.open(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cluster");
    }
}
