// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Table;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.ChangeFeed;
import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.History;
import io.github.kvist.backend.View;

/** The commits of a store one after the other: watching them, and looking at an older one. */
final class Past {

    private final Backend backend;
    private final TypedChanges changes;

    Past(Backend backend, Definitions definitions) {
        this.backend = backend;
        this.changes = new TypedChanges(definitions);
    }

    /**
     * A view of an older commit.
     *
     * @throws KvException.Unsupported if the backend keeps none
     */
    View viewAt(long revision) {
        if (backend instanceof History history) {
            return history.viewAt(revision);
        }
        throw unsupported("history");
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
        Scope scope = new Scope.Range(space.records(), bounds.from(), bounds.to());
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
        if (backend instanceof ChangeFeed feeds) {
            return feeds.follow(scope, options.from(), options.buffer());
        }
        throw unsupported("watches");
    }

    private KvException.Unsupported unsupported(String what) {
        return new KvException.Unsupported(
                "The store at " + backend.description() + " has no " + what + "; its capabilities say what it can do.");
    }
}
