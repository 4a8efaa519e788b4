// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Storage;
import io.github.kvist.backend.View;

/** The views of one store: of any of its roots, of what it keeps of the past; and which views are its own. Immutable. */
final class EngineViews {

    private final Storage storage;
    private final Keyspaces keyspaces;
    private final Instants instants;
    private final Revisions revisions;
    private final Head head;

    EngineViews(Storage storage, Keyspaces keyspaces, Instants instants, Revisions revisions, Head head) {
        this.storage = storage;
        this.keyspaces = keyspaces;
        this.instants = instants;
        this.revisions = revisions;
        this.head = head;
    }

    /** A view that judges deadlines by this moment. */
    View of(Root root) {
        return new EngineView(keyspaces, root, instants.of(root));
    }

    /**
     * A view of what was visible as of {@code revision}.
     *
     * @throws KvException.Trimmed if it is older than what is kept
     * @throws IllegalArgumentException if it is negative or a revision of the future
     */
    View at(long revision) {
        Root visible = head.visible();
        if (revision < 0 || revision > visible.revision) {
            throw new IllegalArgumentException("There is no revision " + revision + " yet: the newest is "
                    + visible.revision + ". Ask for that or an earlier one.");
        }
        if (revision == visible.revision) {
            return of(visible);
        }
        long oldest = revisions.oldestReadable(visible, instants.unrecorded());
        Root root = revision < oldest ? null : revisions.at(revision);
        if (root == null) {
            throw new KvException.Trimmed("Revision " + revision + " is no longer kept; the oldest that is is " + oldest
                    + ". Keep more of the past with Options.history.");
        }
        return of(root);
    }

    /** The oldest revision that {@link #at} takes. */
    long oldestRevision() {
        return revisions.oldestReadable(head.visible(), instants.unrecorded());
    }

    /**
     * A view as what it is.
     *
     * @throws IllegalArgumentException if it is of a store that does not share its keyspaces with this one
     */
    EngineView ours(View view) {
        if (view instanceof EngineView ours && ours.keyspaces() == keyspaces) {
            return ours;
        }
        throw new IllegalArgumentException("The view is of another store and not of the one at " + storage.description()
                + ". Take it from there.");
    }
}
