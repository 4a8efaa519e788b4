// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.format.CommitReader;
import io.github.kvist.format.CommitWriter;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEditor;

/** What a branch that conflicts with nothing makes of a head that may have moved since it began. */
final class Merge {

    private Merge() {}

    /** The next trees: as they are in the branch where nobody else wrote, replayed on the head's where somebody did. */
    static RadixTree[] trees(EngineBranch branch, Root head) {
        Draft draft = branch.draft();
        RadixTree[] trees = head.copyOfTrees(draft.size());
        Draft moved = new Draft(head);
        for (int keyspace = 0; keyspace < draft.size(); keyspace++) {
            if (draft.touched(keyspace) == null) {
                continue;
            }
            if (draft.base().tree(keyspace) == head.tree(keyspace)) {
                trees[keyspace] = draft.tree(keyspace);
            } else {
                moved.editor(keyspace);
            }
        }
        if (moved.size() > 0) {
            replay(branch.operations(), moved);
            for (int keyspace = 0; keyspace < moved.size(); keyspace++) {
                if (moved.touched(keyspace) != null) {
                    trees[keyspace] = moved.tree(keyspace);
                }
            }
        }
        return trees;
    }

    private static void replay(CommitWriter operations, Draft target) {
        CommitReader reader = CommitReader.operationsOf(operations, 0);
        while (reader.nextOperation()) {
            TreeEditor editor = target.touched(reader.keyspace());
            if (editor != null) {
                Replay.apply(reader, editor);
            }
        }
    }
}
