// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.KvException;
import io.github.kvist.format.CommitReader;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEditor;
import java.util.function.Supplier;

/** Does to a tree what an operation of the log says. */
final class Replay {

    private Replay() {}

    /** @throws KvException.Corrupt if no store does such an operation */
    static void check(CommitReader operation, Supplier<String> where) {
        if (operation.keyspace() > Keyspaces.NUMBER_MAX || operation.key().length > RadixTree.KEY_BYTES_MAX) {
            throw new KvException.Corrupt(
                    where.get() + ": an operation on keyspace " + operation.keyspace() + " with a key of "
                            + operation.key().length + " bytes, though the checksum is right. Restore a backup.");
        }
    }

    static void apply(CommitReader operation, TreeEditor editor) {
        switch (operation.kind()) {
            case PUT ->
                editor.put(
                        operation.key(),
                        operation.array(),
                        operation.valueOffset(),
                        operation.valueLength(),
                        operation.version(),
                        operation.deadline());
            case DELETE -> editor.delete(operation.key());
            case DELETE_RANGE -> editor.deleteRange(operation.key(), operation.to());
            case EXPIRE -> editor.deleteDue(operation.deadline());
        }
    }
}
