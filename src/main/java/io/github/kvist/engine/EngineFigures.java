// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Stats;
import io.github.kvist.backend.Figures;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeCursor;
import io.github.kvist.wal.Appends;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The figures of one root. */
final class EngineFigures {

    private static final byte[] START = {};

    private final Keyspaces keyspaces;
    private final Root root;
    private final long instant;

    /** Counts as due what is due at {@code instant}. */
    EngineFigures(Keyspaces keyspaces, Root root, long instant) {
        this.keyspaces = keyspaces;
        this.root = root;
        this.instant = instant;
    }

    Figures figures(Stats.Memory memory, Stats.Disk disk, Appends appends, Tally.Count count, Stats.Watches watches) {
        return new Figures(
                root.revision,
                sizes(),
                memory,
                disk,
                commits(appends, count),
                count.sweeps(),
                count.expired(),
                watches);
    }

    private static Stats.Commits commits(Appends appends, Tally.Count count) {
        double mean = appends.frames() == 0 ? 0 : (double) appends.commits() / appends.frames();
        return new Stats.Commits(
                count.commits(), count.conflicts(), appends.frames(), appends.syncs(), mean, appends.commitsMax());
    }

    private List<Figures.Size> sizes() {
        List<Figures.Size> sizes = new ArrayList<>();
        TreeCursor names = root.tree(Keyspaces.CATALOGUE).forward(START, null);
        while (names.advance()) {
            EngineKeyspace keyspace = keyspaces.named(new String(names.key(), StandardCharsets.UTF_8));
            RadixTree tree = root.tree(keyspace.number());
            sizes.add(new Figures.Size(keyspace.name(), tree.count(), due(tree), tree.bytes()));
        }
        return sizes;
    }

    private long due(RadixTree tree) {
        return tree.deadline() > instant ? 0 : tree.due(START, null, instant);
    }
}
