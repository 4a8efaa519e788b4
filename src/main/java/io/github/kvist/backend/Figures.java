// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import io.github.kvist.api.Stats;
import java.util.List;

/**
 * What a backend knows of itself, as {@link Stats} tells it.
 *
 * @param revision the newest visible commit; that of all sizes
 * @param keyspaces all that ever held an entry
 * @param sweeps commits that removed entries that were due
 * @param expired entries that they removed, of the keyspaces that were counted
 */
public record Figures(
        long revision,
        List<Size> keyspaces,
        Stats.Memory memory,
        Stats.Disk disk,
        Stats.Commits commits,
        long sweeps,
        long expired,
        Stats.Watches watches) {

    public Figures {
        keyspaces = List.copyOf(keyspaces);
    }

    /**
     * A keyspace.
     *
     * @param entries due ones included
     * @param due entries that are due and not swept yet
     * @param bytes of all keys and values
     */
    public record Size(String name, long entries, long due, long bytes) {}
}
