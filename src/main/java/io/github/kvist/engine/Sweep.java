// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.format.CommitWriter;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEditor;
import java.util.function.Predicate;

/**
 * The trees without what is due at one instant. Made from a visible root beside the commits; what was committed meanwhile is
 * carried over at the end, so that the time for which other commits wait grows with their own number and not with what is due.
 */
final class Sweep {

    private static final byte[] START = {};

    private final Root base;
    private final long instant;
    private final RadixTree[] swept;

    Sweep(Root base, long instant) {
        this.base = base;
        this.instant = instant;
        this.swept = base.copyOfTrees(0);
        for (int i = 0; i < swept.length; i++) {
            if (swept[i].deadline() <= instant) {
                TreeEditor editor = swept[i].edit();
                editor.deleteDue(instant);
                swept[i] = editor.freeze();
            }
        }
    }

    /** The next trees: those of {@code head} without what is due. */
    RadixTree[] onto(Root head) {
        RadixTree[] trees = head.copyOfTrees(0);
        for (int i = 0; i < trees.length; i++) {
            RadixTree before = base.tree(i);
            if (trees[i] == before) {
                trees[i] = i < swept.length ? swept[i] : before;
            } else if (trees[i].deadline() <= instant) {
                trees[i] = carriedOver(i < swept.length ? swept[i] : before, before, trees[i]);
            }
        }
        return trees;
    }

    private RadixTree carriedOver(RadixTree clean, RadixTree before, RadixTree after) {
        TreeEditor editor = clean.edit();
        RadixTree.diff(before, after, START, null, (key, old, fresh) -> {
            if (fresh == null || fresh.deadline() <= instant) {
                editor.delete(key);
            } else {
                editor.put(key, fresh.array(), fresh.offset(), fresh.length(), fresh.version(), fresh.deadline());
            }
            return true;
        });
        return editor.freeze();
    }

    /** Writes down which keyspaces of {@code head} lost something. */
    void write(CommitWriter writer, Root head, Root next) {
        for (int keyspace = 0; keyspace < next.trees(); keyspace++) {
            if (next.tree(keyspace).count() != head.tree(keyspace).count()) {
                writer.expire(keyspace, instant);
            }
        }
    }

    static boolean changes(Root head, RadixTree[] trees) {
        for (int keyspace = 0; keyspace < trees.length; keyspace++) {
            if (trees[keyspace].count() != head.tree(keyspace).count()) {
                return true;
            }
        }
        return false;
    }

    /** How many entries went from the keyspaces whose names are accepted. */
    static long removed(Root head, Root next, Keyspaces keyspaces, Predicate<String> counted) {
        long removed = 0;
        for (int keyspace = 0; keyspace < next.trees(); keyspace++) {
            long fewer = head.tree(keyspace).count() - next.tree(keyspace).count();
            if (fewer > 0 && counted.test(keyspaces.numbered(keyspace).name())) {
                removed += fewer;
            }
        }
        return removed;
    }
}
