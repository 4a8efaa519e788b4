// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Change;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.View;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The commits of a store one after the other: watching them, looking at an older one, and what lies between two. */
final class Past {

    private static final int DIFFERENCE = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;

    private final Seams seams;
    private final TypedChanges changes;

    Past(Seams seams, Definitions definitions) {
        this.seams = seams;
        this.changes = new TypedChanges(definitions);
    }

    /**
     * A view of an older commit.
     *
     * @throws KvException.Unsupported if the backend keeps none
     */
    View viewAt(long revision) {
        return seams.history().viewAt(revision);
    }

    /**
     * The records in which two snapshots of {@code store} differ, found while the caller asks for them.
     *
     * @throws KvException.Unsupported if the backend finds no differences
     */
    Stream<Change<?, ?>> diff(TableStore store, Snapshot from, Snapshot to) {
        Iterator<KeyChange> found = seams.diffing()
                .diff(ViewTransaction.viewOf(from, store), ViewTransaction.viewOf(to, store), KeyspaceNames.RECORDS);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(found, DIFFERENCE), false)
                .map(change -> {
                    // Closed since, perhaps.
                    ViewTransaction.viewOf(from, store);
                    ViewTransaction.viewOf(to, store);
                    return changes.typed(change);
                });
    }

    /** Every commit that touches a record of any table. */
    Watch watchAll(WatchOptions options) {
        return new TableWatch(follow(new Scope.Keyspaces(KeyspaceNames.RECORDS), options), changes::typed);
    }

    /**
     * Every commit that touches a range of a table, which changes are reported of as it is given here.
     *
     * @throws IllegalArgumentException if the range is not one of keys of the table
     */
    <K, V> Watch watch(TableSpace<K, V> space, WatchOptions options) {
        Bounds bounds = bounds(space, options.range());
        Scope scope = new Range(space.records(), bounds.from(), bounds.to());
        Table<K, V> table = space.table();
        return new TableWatch(follow(scope, options), change -> TypedChanges.of(table, change));
    }

    @SuppressWarnings("unchecked") // what is not a range of these keys is refused by their codec
    private static <K> Bounds bounds(TableSpace<K, ?> space, KeyRange<?> range) {
        try {
            return Bounds.of((KeyRange<K>) range, space.keys());
        } catch (KvException.CodecFailure refused) {
            if (refused.getCause() instanceof ClassCastException) {
                throw new IllegalArgumentException(
                        "The range that is to be watched is not one of keys of " + space
                                + ". Make it of the table's own key type.",
                        refused);
            }
            throw refused;
        }
    }

    private Feed follow(Scope scope, WatchOptions options) {
        return seams.changeFeed().follow(scope, options.from(), options.buffer());
    }
}
