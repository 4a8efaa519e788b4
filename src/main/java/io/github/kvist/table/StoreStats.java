// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Stats;
import io.github.kvist.backend.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Puts the figures of keyspaces together to those of tables and their indexes. */
final class StoreStats {

    private final Map<String, Figures.Size> records = new TreeMap<>();
    private final Map<String, List<Stats.IndexSize>> indexes = new TreeMap<>();

    private StoreStats() {}

    static Stats of(Figures figures, OpenSnapshots open) {
        StoreStats stats = new StoreStats();
        figures.keyspaces().forEach(stats::add);
        List<Stats.TableSize> tables = stats.tables();
        long due = tables.stream().mapToLong(Stats.TableSize::due).sum();
        return new Stats(
                figures.revision(),
                tables,
                figures.memory(),
                figures.disk(),
                figures.commits(),
                new Stats.Expiries(due, figures.sweeps(), figures.expired()),
                snapshots(open),
                figures.watches());
    }

    private static Stats.Snapshots snapshots(OpenSnapshots open) {
        return new Stats.Snapshots(
                open.count(),
                Optional.ofNullable(open.oldest())
                        .map(oldest -> new Stats.OpenSnapshot(oldest.revision(), oldest.age(), oldest.origin())));
    }

    private void add(Figures.Size size) {
        String keyspace = size.name();
        if (size.entries() == 0) {
            return; // emptied, perhaps dropped
        }
        if (KeyspaceNames.isRecords(keyspace)) {
            records.put(KeyspaceNames.table(keyspace), size);
        } else if (keyspace.startsWith(KeyspaceNames.INDEXES)) {
            indexes.computeIfAbsent(KeyspaceNames.tableOfIndex(keyspace), table -> new ArrayList<>())
                    .add(new Stats.IndexSize(KeyspaceNames.index(keyspace), size.entries(), size.bytes()));
        }
    }

    private List<Stats.TableSize> tables() {
        List<Stats.TableSize> tables = new ArrayList<>();
        records.forEach((name, size) -> tables.add(new Stats.TableSize(
                name, size.entries() - size.due(), size.due(), size.bytes(), indexes.getOrDefault(name, List.of()))));
        return tables;
    }
}
