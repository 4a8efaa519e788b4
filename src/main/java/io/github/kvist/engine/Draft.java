// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEditor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The trees of a root under change: an editor for each keyspace that was touched. Confined to one thread at a time. */
final class Draft {

    private final Root base;
    private final boolean isAlone;
    private @Nullable TreeEditor[] editors = new @Nullable TreeEditor[4];

    Draft(Root base) {
        this(base, false);
    }

    private Draft(Root base, boolean isAlone) {
        this.base = base;
        this.isAlone = isAlone;
    }

    /** Of a root that nobody else has or will ever have: its trees may be changed in place. */
    static Draft alone(Root base) {
        return new Draft(base, true);
    }

    Root base() {
        return base;
    }

    /** The editor of a keyspace, if it was touched. */
    @Nullable
    TreeEditor touched(int keyspace) {
        return keyspace < editors.length ? editors[keyspace] : null;
    }

    TreeEditor editor(int keyspace) {
        TreeEditor present = touched(keyspace);
        if (present != null) {
            return present;
        }
        RadixTree tree = base.tree(keyspace);
        return install(keyspace, isAlone ? tree.take() : tree.edit());
    }

    /** The present state of a keyspace, which never changes any more. */
    RadixTree tree(int keyspace) {
        TreeEditor present = touched(keyspace);
        return present == null ? base.tree(keyspace) : present.freeze();
    }

    /** Goes on from {@code tree} in a keyspace; {@code null} makes it untouched again. */
    void reset(int keyspace, @Nullable RadixTree tree) {
        if (tree != null) {
            install(keyspace, tree.edit());
        } else if (keyspace < editors.length) {
            editors[keyspace] = null;
        }
    }

    private TreeEditor install(int keyspace, TreeEditor editor) {
        if (keyspace >= editors.length) {
            editors = Arrays.copyOf(editors, Math.max(keyspace + 1, 2 * editors.length));
        }
        editors[keyspace] = editor;
        return editor;
    }

    /** Above every number of a touched keyspace. */
    int size() {
        int size = editors.length;
        while (size > 0 && editors[size - 1] == null) {
            size--;
        }
        return size;
    }

    /** The trees of touched keyspaces by number, {@code null} for the others. */
    @Nullable
    RadixTree[] freeze() {
        @Nullable RadixTree[] frozen = new @Nullable RadixTree[size()];
        for (int i = 0; i < frozen.length; i++) {
            TreeEditor editor = editors[i];
            frozen[i] = editor == null ? null : editor.freeze();
        }
        return frozen;
    }

    /** The base with the changes, as a root. */
    Root root(long revision, long millis, boolean isSweep) {
        RadixTree[] trees = base.copyOfTrees(size());
        for (int i = 0; i < size(); i++) {
            trees[i] = tree(i);
        }
        return new Root(revision, millis, trees, isSweep);
    }
}
