// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.HeapStorage;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

/** The figures of a store as meters. */
final class KvistMetricsTest {

    private static final Table<String, String> WORDS = Table.of("words", Keys.string(), Values.string());

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void metersShowTheFiguresOfTheStore() {
        try (KvStore store = Kvist.open(new HeapStorage(), Options.defaults().maxBytes(1_000_000))) {
            store.in(WORDS).put("a", "123");
            store.in(WORDS).put("b", "123");
            new KvistMetrics(store, Tags.of("store", "test")).bindTo(registry);

            assertThat(registry.get("kvist.table.entries")
                            .tags("table", "words", "store", "test")
                            .gauge()
                            .value())
                    .isEqualTo(2);
            assertThat(registry.get("kvist.table.bytes")
                            .tag("table", "words")
                            .gauge()
                            .value())
                    .isEqualTo(8);
            assertThat(registry.get("kvist.commits").functionCounter().count()).isEqualTo(2);
            assertThat(registry.get("kvist.log.syncs").functionCounter().count())
                    .isEqualTo(2);
            assertThat(registry.get("kvist.log.size").gauge().value()).isPositive();
            assertThat(registry.get("kvist.memory.limit").gauge().value()).isEqualTo(1_000_000);
            assertThat(registry.get("kvist.checkpoints")
                            .tag("result", "completed")
                            .functionCounter()
                            .count())
                    .isZero();
        }
    }

    @Test
    void everyMeterHasADescriptionAndTheTagsOfTheStore() {
        try (KvStore store = Kvist.inMemory()) {
            store.in(WORDS).put("a", "123");
            new KvistMetrics(store, Tags.of("store", "test")).bindTo(registry);

            assertThat(registry.getMeters())
                    .hasSizeGreaterThan(20)
                    .extracting(Meter::getId)
                    .allMatch(id -> id.getName().startsWith("kvist."))
                    .allMatch(id -> id.getDescription() != null)
                    .allMatch(id -> "test".equals(id.getTag("store")));
        }
    }

    @Test
    void closedStoreHasNoSizesAndItsCountersStay() {
        KvStore store = Kvist.inMemory();
        store.in(WORDS).put("a", "123");
        KvistMetrics metrics = new KvistMetrics(store);
        metrics.bindTo(registry);

        store.close();
        metrics.forgetFigures();

        assertThat(registry.get("kvist.memory.data").gauge().value()).isNaN();
        assertThat(registry.get("kvist.commits").functionCounter().count()).isEqualTo(1);
    }
}
