// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEntry;
import org.jspecify.annotations.Nullable;

/** One root, to read, judged by one instant. Immutable. */
final class EngineView implements View {

    private final Keyspaces keyspaces;
    private final Root root;
    private final long instant;

    EngineView(Keyspaces keyspaces, Root root, long instant) {
        this.keyspaces = keyspaces;
        this.root = root;
        this.instant = instant;
    }

    Keyspaces keyspaces() {
        return keyspaces;
    }

    Root root() {
        return root;
    }

    @Override
    public long instant() {
        return instant;
    }

    @Override
    public long revision() {
        return root.revision;
    }

    @Override
    public @Nullable Stored get(Keyspace keyspace, byte[] key) {
        return stored(root.tree(keyspaces.numberOf(keyspace)).get(key), instant);
    }

    @Override
    public EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
        RadixTree tree = root.tree(keyspaces.numberOf(keyspace));
        return new TreeScan(reverse ? tree.backward(from, to) : tree.forward(from, to), dueIn(tree, instant));
    }

    @Override
    public long count(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        return count(root.tree(keyspaces.numberOf(keyspace)), from, to, instant);
    }

    @Override
    public void close() {
        // The collector lets go of the root.
    }

    /** The instant, or one at which nothing is due if nothing in the tree is. */
    static long dueIn(RadixTree tree, long instant) {
        return tree.deadline() > instant ? Instants.NOTHING_DUE : instant;
    }

    static long count(RadixTree tree, byte[] from, byte @Nullable [] to, long instant) {
        return tree.count(from, to) - tree.due(from, to, instant);
    }

    static @Nullable Stored stored(@Nullable TreeEntry entry, long instant) {
        return entry == null || entry.deadline() <= instant
                ? null
                : new Stored(entry.array(), entry.offset(), entry.length(), entry.version(), entry.deadline());
    }
}
