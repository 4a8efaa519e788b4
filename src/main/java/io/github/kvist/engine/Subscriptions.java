// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.collections.api.map.primitive.MutableIntObjectMap;
import org.eclipse.collections.impl.factory.Sets;
import org.eclipse.collections.impl.factory.primitive.IntObjectMaps;
import org.jspecify.annotations.Nullable;

/**
 * Who follows what: finds those whom a commit concerns without asking the others. Confined to one thread at a time.
 */
final class Subscriptions {

    private static final byte[] START = {};

    private final Keyspaces keyspaces;
    private final MutableIntObjectMap<RangeIndex<EngineFeed>> ranges = IntObjectMaps.mutable.empty();
    private final Set<EngineFeed> broad = Sets.mutable.empty();

    Subscriptions(Keyspaces keyspaces) {
        this.keyspaces = keyspaces;
    }

    /** What it returns takes the feed out again. */
    Runnable add(EngineFeed feed) {
        if (feed.scope() instanceof Range range) {
            RangeIndex<EngineFeed> index = ranges.getIfAbsentPut(
                    keyspaces.numberOf(range.keyspace()), () -> new RangeIndex<>(Arrays::compareUnsigned));
            RangeIndex.Node<EngineFeed> node = index.add(range.from(), range.to(), feed);
            return () -> index.remove(node);
        }
        broad.add(feed);
        return () -> broad.remove(feed);
    }

    /** Hands each feed that a commit concerns what the commit changed there. */
    void dispatch(Root before, Root after) {
        Root.Touched only = after.only;
        if (only != null && !isFollowed(only)) {
            return;
        }
        Set<EngineFeed> concerned = Sets.mutable.empty();
        Changes changes = new Changes(concerned);
        for (int keyspace = 0; keyspace < after.trees(); keyspace++) {
            if (before.tree(keyspace) != after.tree(keyspace) && keyspace != Keyspaces.CATALOGUE) {
                changes.walk(keyspaces.numbered(keyspace), before, after);
            }
        }
        for (EngineFeed feed : concerned) {
            feed.deliver(after);
        }
    }

    private boolean isFollowed(Root.Touched only) {
        if (!broad.isEmpty()) {
            return true;
        }
        RangeIndex<EngineFeed> index = ranges.get(only.keyspace());
        return index != null && index.covers(only.key());
    }

    /** Tells those who follow a keyspace that changed between the two roots that they missed what happened up to the second. */
    void lose(Root before, Root after) {
        for (int keyspace = 0; keyspace < Math.max(before.trees(), after.trees()); keyspace++) {
            if (before.tree(keyspace) != after.tree(keyspace) && keyspace != Keyspaces.CATALOGUE) {
                RangeIndex<EngineFeed> index = ranges.get(keyspace);
                if (index != null) {
                    index.forEach(feed -> feed.lose(after.revision));
                }
                broadOn(keyspaces.numbered(keyspace)).forEach(feed -> feed.lose(after.revision));
            }
        }
    }

    void forEach(Consumer<EngineFeed> action) {
        ranges.forEachValue(index -> index.forEach(action));
        broad.forEach(action);
    }

    private List<EngineFeed> broadOn(EngineKeyspace keyspace) {
        List<EngineFeed> found = new ArrayList<>();
        for (EngineFeed feed : broad) {
            if (feed.scope() instanceof Scope.Keyspaces names && keyspace.name().startsWith(names.prefix())) {
                found.add(feed);
            }
        }
        return found;
    }

    /** Gathers the changes of one commit with those whom they concern. */
    private final class Changes {
        private final Set<EngineFeed> concerned;

        Changes(Set<EngineFeed> concerned) {
            this.concerned = concerned;
        }

        void walk(EngineKeyspace keyspace, Root before, Root after) {
            RangeIndex<EngineFeed> index = ranges.get(keyspace.number());
            List<EngineFeed> all = broadOn(keyspace);
            boolean isIndexed = index != null && !index.isEmpty();
            if (!isIndexed && all.isEmpty()) {
                return;
            }
            byte[] from = START;
            byte @Nullable [] to = null;
            if (isIndexed && all.isEmpty()) {
                // Where nobody follows the whole keyspace, only the part that somebody follows is compared.
                from = index.from();
                to = index.to();
            }
            Root.Touched only = after.only;
            if (only != null) {
                from = only.key();
                to = Span.after(from);
            }
            CommitDiff.walk(keyspace, before, after, from, to, change -> {
                if (isIndexed) {
                    index.covering(change.key(), feed -> gather(feed, change));
                }
                all.forEach(feed -> gather(feed, change));
            });
        }

        private void gather(EngineFeed feed, KeyChange change) {
            feed.gather(change);
            concerned.add(feed);
        }
    }
}
