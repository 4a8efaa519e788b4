// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.checkpoint.Image;
import io.github.kvist.format.CommitReader;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeCursor;
import io.github.kvist.tree.TreeEditor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** A root that grows from frames which may have gaps between them. Confined to one thread. */
final class Rebuilding {
    private static final byte[] START = {};

    private final Draft draft;
    private final int trees;
    private long revision;
    private long millis;
    private long versions;

    Rebuilding(Image image) {
        this.draft = Draft.alone(
                new Root(image.revision(), image.millis(), image.trees().toArray(new RadixTree[0]), false));
        this.trees = image.trees().size();
        this.revision = image.revision();
        this.millis = image.millis();
        this.versions = image.versions();
    }

    long revision() {
        return revision;
    }

    /** Takes the next frame of a log without gaps. */
    void frame(long firstRevision, byte[] array, int offset, int length, Supplier<String> where) {
        CommitReader reader = new CommitReader(array, offset, length, where);
        for (long next = firstRevision; reader.nextCommit(); next++) {
            if (next <= revision) {
                reader.skipOperations();
            } else {
                commit(reader, where);
                revision = next;
            }
        }
    }

    /** Takes a later frame, though some before it may be missing, and though not all of it may be possible. */
    void frameAfterAnyGap(long firstRevision, byte[] array, int offset, int length, Supplier<String> where) {
        try {
            frame(firstRevision, array, offset, length, where);
        } catch (KvException.Corrupt impossible) {
            // Under a right checksum: what it did until there stays.
        }
    }

    private void commit(CommitReader reader, Supplier<String> where) {
        millis = Math.max(millis, reader.millis());
        versions = Math.max(versions, reader.versions());
        while (reader.nextOperation()) {
            Replay.check(reader, where);
            Replay.apply(reader, draft.editor(reader.keyspace()));
        }
    }

    /** What there is now, as an image of another revision. */
    Image image(long atRevision, long versionsSkipped) {
        Root root = draft.root(atRevision, millis, false);
        return root.image(Math.min(versions, Long.MAX_VALUE - versionsSkipped) + versionsSkipped, millis);
    }

    /**
     * Gives names to keyspaces that hold something and whose own name is lost, and takes what is no name out of the catalogue.
     *
     * @return what had to be done
     */
    List<Finding> nameAll() {
        List<Finding> findings = new ArrayList<>();
        Set<Integer> named = new HashSet<>();
        TreeEditor catalogue = draft.editor(Keyspaces.CATALOGUE);
        List<byte[]> wrong = new ArrayList<>();
        for (TreeCursor entry = draft.tree(Keyspaces.CATALOGUE).forward(START, null); entry.advance(); ) {
            try {
                if (!named.add(Keyspaces.number(entry))) {
                    wrong.add(entry.key());
                }
            } catch (KvException.Corrupt impossible) {
                wrong.add(entry.key());
            }
        }
        wrong.forEach(catalogue::delete);
        for (int number = 1; number < Math.max(trees, draft.size()); number++) {
            long count = draft.tree(number).count();
            if (count > 0 && !named.contains(number)) {
                String name = Keyspaces.LOST_NAME + number;
                byte[] value = Keyspaces.catalogueValue(number);
                draft.editor(Keyspaces.CATALOGUE)
                        .put(
                                name.getBytes(StandardCharsets.UTF_8),
                                value,
                                0,
                                value.length,
                                ++versions,
                                RadixTree.NEVER);
                findings.add(new Finding(
                        "keyspace " + number,
                        "the name of the table or index that its %d entries belong to is lost.".formatted(count)));
            }
        }
        return findings;
    }
}
