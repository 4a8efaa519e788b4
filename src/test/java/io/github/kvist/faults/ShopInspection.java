// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Entry;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Opens a {@link Shop} that was left behind and compares all that it holds with what it must hold. */
final class ShopInspection {

    private final Path directory;
    private final Campaign campaign;

    ShopInspection(Path directory, Campaign campaign) {
        this.directory = directory;
        this.campaign = campaign;
    }

    /** Brings the model to where the store turns out to be. */
    void check(Shop.Model model, Acknowledged acknowledged) {
        try (KvStore store = Shop.open(directory)) {
            check(store, model, acknowledged);
            campaign.count(
                    "entries compared",
                    model.of(Shop.ITEMS).size() + model.of(Shop.ORDERS).size());
            campaign.count("torn ends cut", store.admin().recovery().clean() ? 0 : 1);
        }
    }

    static void check(KvStore store, Shop.Model model, Acknowledged acknowledged) {
        for (int writer = 0; writer < Shop.WRITERS; writer++) {
            long found = commits(store, writer);
            assertThat(found)
                    .as("commits of writer %d", writer)
                    .isBetween(acknowledged.least(writer), acknowledged.most(writer));
            model.advance(writer, found);
        }
        for (Table<Long, String> table : java.util.List.of(Shop.ORDERS, Shop.ITEMS, Shop.NOTES)) {
            assertThat(all(store, table)).as(table.name()).isEqualTo(model.of(table));
        }
        Map<Long, String> visits = all(store, Shop.VISITS);
        visits.keySet().removeIf(key -> key < 0); // whether they are due yet is the clock's business
        assertThat(visits).isEqualTo(model.of(Shop.VISITS));
        Long orders = store.in(Shop.COUNTS).getOrNull("orders");
        assertThat(orders == null ? 0 : orders).isEqualTo(model.orders());
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    /** How far a writer has come: its row says so, except for the put that it does past all transactions. */
    private static long commits(KvStore store, int writer) {
        Long said = store.in(Shop.COUNTS).getOrNull("writer " + writer);
        long commits = said == null ? 0 : said;
        String next = store.in(Shop.NOTES).getOrNull(Shop.key(writer, commits + 1));
        return ("note " + (commits + 1)).equals(next) ? commits + 1 : commits;
    }

    private static Map<Long, String> all(KvStore store, Table<Long, String> table) {
        try (Stream<Entry<Long, String>> entries = store.in(table).scan().stream()) {
            return entries.collect(Collectors.toMap(Entry::key, Entry::value, (a, b) -> a, TreeMap::new));
        }
    }
}
