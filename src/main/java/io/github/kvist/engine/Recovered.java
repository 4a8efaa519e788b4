// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Storage;
import io.github.kvist.checkpoint.CheckpointReader;
import io.github.kvist.checkpoint.Image;
import io.github.kvist.format.CommitReader;
import io.github.kvist.tree.RadixTree;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a storage gave back.
 *
 * @param versions above every stamp that was ever given out
 */
record Recovered(Keyspaces keyspaces, Root root, long versions) {

    /**
     * Stamps that transactions had drawn when the process died, and perhaps shown, but not committed: at most this many are
     * assumed, and none of them is given out again.
     */
    private static final long VERSIONS_SKIPPED = 1 << 20;

    static Recovered from(Storage storage) {
        Keyspaces keyspaces = new Keyspaces();
        if (!storage.keeps()) {
            return new Recovered(keyspaces, Root.EMPTY, 0);
        }
        Image image = image(storage);
        LogReplay replay = new LogReplay(image);
        storage.replay(image.revision(), replay::frame);
        Root root = replay.root();
        keyspaces.load(root.tree(Keyspaces.CATALOGUE));
        long skipped = storage.recovery().clean() ? 0 : VERSIONS_SKIPPED;
        return new Recovered(keyspaces, root, replay.versions() + skipped);
    }

    private static Image image(Storage storage) {
        try (Storage.CheckpointSource source = storage.checkpoint()) {
            return source == null ? new Image(0, 0, 0, List.of()) : CheckpointReader.read(source);
        }
    }

    /** Applies the frames of the log to the trees of the checkpoint. */
    private static final class LogReplay {

        private final Draft draft;
        private long revision;
        private long millis;
        private long versions;
        private boolean isSweep;

        LogReplay(Image image) {
            this.draft = Draft.alone(
                    new Root(image.revision(), image.millis(), image.trees().toArray(new RadixTree[0]), false));
            this.revision = image.revision();
            this.millis = image.millis();
            this.versions = image.versions();
        }

        void frame(long firstRevision, byte[] array, int offset, int length, Supplier<String> where) {
            if (firstRevision > revision + 1) {
                throw new KvException.Corrupt(
                        where + ": the frame begins with revision " + firstRevision + ", but revision " + revision
                                + " came before it; the commits between are missing. Restore a backup.");
            }
            CommitReader reader = new CommitReader(array, offset, length, where);
            for (long next = firstRevision; reader.nextCommit(); next++) {
                if (next <= revision) {
                    reader.skipOperations();
                } else {
                    apply(reader, where);
                    revision = next;
                }
            }
        }

        private void apply(CommitReader reader, Supplier<String> where) {
            millis = Math.max(millis, reader.millis());
            versions = Math.max(versions, reader.versions());
            isSweep = false;
            while (reader.nextOperation()) {
                isSweep = reader.kind() == CommitReader.Kind.EXPIRE; // which stands in no other commits
                if (reader.keyspace() > Keyspaces.NUMBER_MAX || reader.key().length > RadixTree.KEY_BYTES_MAX) {
                    throw new KvException.Corrupt(
                            where + ": an operation on keyspace " + reader.keyspace() + " with a key of "
                                    + reader.key().length + " bytes, though the checksum is right. Restore a backup.");
                }
                Replay.apply(reader, draft.editor(reader.keyspace()));
            }
        }

        Root root() {
            return draft.root(revision, millis, isSweep);
        }

        long versions() {
            return versions;
        }
    }
}
