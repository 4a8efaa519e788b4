// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Stored;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEntry;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one commit changed: the difference between its root and the one before, which is its net effect.
 *
 * <p>Entries are judged by the instant of the commit. One that was due is absent, and its removal is reported as an expiry,
 * with what it was.
 */
final class CommitDiff {

    private CommitDiff() {}

    /** Shows the changes of a range of a keyspace, in key order. O(changes). */
    static void walk(
            EngineKeyspace keyspace,
            Root before,
            Root after,
            byte[] from,
            byte @Nullable [] to,
            Consumer<KeyChange> changes) {
        int number = keyspace.number();
        RadixTree.diff(before.tree(number), after.tree(number), from, to, (key, old, fresh) -> {
            KeyChange change = change(keyspace, key, old, fresh, after);
            if (change != null) {
                changes.accept(change);
            }
            return true;
        });
    }

    private static @Nullable KeyChange change(
            EngineKeyspace keyspace, byte[] key, @Nullable TreeEntry old, @Nullable TreeEntry fresh, Root commit) {
        Stored before = commit.isSweep ? null : EngineView.stored(old, commit.millis);
        Stored after = EngineView.stored(fresh, commit.millis);
        if (before != null || after != null) {
            return new KeyChange(keyspace, key, before, after, false);
        }
        return old != null && fresh == null
                ? new KeyChange(keyspace, key, EngineView.stored(old, Instants.NOTHING_DUE), null, true)
                : null;
    }
}
