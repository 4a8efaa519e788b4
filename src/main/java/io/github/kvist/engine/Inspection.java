// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Finding;
import io.github.kvist.api.Stats;
import io.github.kvist.backend.Figures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at a whole store beside all else that it does: whether it is sound, how large it is, and what it has done. */
final class Inspection {

    private final Keyspaces keyspaces;
    private final Instants instants;
    private final Revisions revisions;
    private final Head head;
    private final Dispatcher dispatcher;
    /** Missing where nothing is kept. */
    private final @Nullable Checkpointer checkpointer;

    Inspection(
            Keyspaces keyspaces,
            Instants instants,
            Revisions revisions,
            Head head,
            Dispatcher dispatcher,
            @Nullable Checkpointer checkpointer) {
        this.keyspaces = keyspaces;
        this.instants = instants;
        this.revisions = revisions;
        this.head = head;
        this.dispatcher = dispatcher;
        this.checkpointer = checkpointer;
    }

    /** Checks the invariants of every visible tree, and every checksum of what is stored. */
    List<Finding> verify() {
        Root root = head.visible();
        List<Finding> findings = new ArrayList<>();
        for (int keyspace = 0; keyspace < root.trees(); keyspace++) {
            try {
                root.tree(keyspace).check();
            } catch (IllegalStateException broken) {
                findings.add(new Finding(
                        "the tree of " + keyspaces.numbered(keyspace).name(), String.valueOf(broken.getMessage())));
            }
        }
        if (checkpointer != null) {
            findings.addAll(checkpointer.verify());
        }
        return findings;
    }

    /** The figures of this moment. */
    Figures figures() {
        Root root = head.visible();
        Stats.Disk disk = checkpointer == null ? Stats.Disk.NONE : checkpointer.disk(root);
        return new EngineFigures(keyspaces, root, instants.unrecorded())
                .figures(memory(root), disk, head.appends(), head.count(), dispatcher.stats());
    }

    private Stats.Memory memory(Root root) {
        return new Stats.Memory(
                root.bytes(),
                Footprint.of(root),
                revisions.bytes(),
                head.limit().maxBytes());
    }
}
