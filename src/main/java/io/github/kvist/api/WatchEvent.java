// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.time.Instant;
import java.util.List;

/** What a {@link Watch} reports. */
public sealed interface WatchEvent {

    /**
     * One commit that left something different in what is watched.
     *
     * @param revision of the commit; a watch {@code from} it resumes behind this event
     * @param at when it was committed, by the clock of the store
     * @param changes its net effect: one change of each key, table by table and in key order inside each
     */
    record Committed(long revision, Instant at, List<Change<?, ?>> changes) implements WatchEvent {
        public Committed {
            changes = List.copyOf(changes);
        }
    }

    /**
     * Commits between the two revisions may have been missed, because the consumer was too slow or the history is trimmed:
     * read again what is watched; the same watch goes on.
     *
     * @param lastSeen the revision of the last event, or the one that the watch began after
     * @param oldestAvailable the first revision that the watch goes on with
     */
    record Gap(long lastSeen, long oldestAvailable) implements WatchEvent {}
}
