// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEntry;
import org.jspecify.annotations.Nullable;

/** One root, to read. Immutable. */
final class EngineView implements View {

    private final Keyspaces keyspaces;
    private final Root root;

    EngineView(Keyspaces keyspaces, Root root) {
        this.keyspaces = keyspaces;
        this.root = root;
    }

    Keyspaces keyspaces() {
        return keyspaces;
    }

    Root root() {
        return root;
    }

    @Override
    public long revision() {
        return root.revision;
    }

    @Override
    public @Nullable Stored get(Keyspace keyspace, byte[] key) {
        return stored(root.tree(keyspaces.numberOf(keyspace)).get(key));
    }

    @Override
    public EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
        RadixTree tree = root.tree(keyspaces.numberOf(keyspace));
        return new TreeScan(reverse ? tree.backward(from, to) : tree.forward(from, to));
    }

    @Override
    public long count(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        return root.tree(keyspaces.numberOf(keyspace)).count(from, to);
    }

    @Override
    public void close() {
        // The collector lets go of the root.
    }

    static @Nullable Stored stored(@Nullable TreeEntry entry) {
        return entry == null
                ? null
                : new Stored(entry.array(), entry.offset(), entry.length(), entry.version(), entry.deadline());
    }
}
