// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Stats;
import io.github.kvist.api.Table;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.servers.Servers;
import io.github.kvist.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a store in Redis tells of itself. */
final class RedisFiguresTest {

    private static final Index<String, Integer> BY_LENGTH = Index.of("by_length", Keys.int32(), String::length);
    private static final Table<String, String> WORDS =
            Table.of("words", Keys.string(), Values.string()).with(BY_LENGTH);

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T08:00:00Z"));

    @Test
    void figuresTellWhatTablesHoldAndWhatWasDone() {
        try (KvStore store = Kvist.open(
                        Servers.redis().uri(Stores.newName()),
                        Options.defaults().clock(clock));
                Watch watch = store.watch(WatchOptions.all())) {
            store.in(WORDS).put("a", "1");
            store.in(WORDS).put("b", "22");
            store.in(WORDS).put("c", "333", Expiry.after(Duration.ofSeconds(1)));
            clock.move(Duration.ofSeconds(1));
            store.admin().sweep();

            Stats stats = store.admin().stats();

            Stats.TableSize words = stats.table("words").orElseThrow();
            assertThat(words.entries()).isEqualTo(2);
            assertThat(words.due()).isZero();
            assertThat(words.bytes()).isPositive();
            assertThat(words.indexes())
                    .singleElement()
                    .satisfies(index -> assertThat(index.entries()).isEqualTo(2));
            assertThat(stats.revision()).isEqualTo(store.revision());
            assertThat(stats.commits().commits()).isGreaterThanOrEqualTo(3);
            assertThat(stats.memory().historyBytes()).isPositive();
            assertThat(stats.watches().open()).isEqualTo(1);
        }
    }
}
