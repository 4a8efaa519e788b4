// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.format.CommitReader;
import io.github.kvist.tree.TreeEditor;

/** Does to a tree what an operation of the log says. */
final class Replay {

    private Replay() {}

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
