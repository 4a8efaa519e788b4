// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.KvException;
import io.github.kvist.api.Retention;
import io.github.kvist.checkpoint.Image;
import io.github.kvist.format.CommitReader;
import io.github.kvist.tree.RadixTree;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Applies the frames of the log to the trees of a checkpoint, and gives the last commits back one by one.
 *
 * <p>A root for each commit costs a copied path for each operation, so only those get one that the history will keep. Which
 * they are is known at the end of the log: the frames that may hold them are held back until then.
 */
final class LogReplay {

    private final Retention retention;
    private final long ageMillis;
    private final Deque<Held> held = new ArrayDeque<>();
    private long heldBytes;

    private Draft draft;
    private long revision;
    private long millis;
    private long versions;
    private boolean isSweep;
    // Of the commit that was applied last.
    private long operations;
    private long bytes;

    LogReplay(Image image, Retention retention) {
        this.retention = retention;
        this.ageMillis = Revisions.millis(retention);
        this.draft = Draft.alone(
                new Root(image.revision(), image.millis(), image.trees().toArray(new RadixTree[0]), false));
        this.revision = image.revision();
        this.millis = image.millis();
        this.versions = image.versions();
    }

    /** A frame that waits until it is known whether its commits are among the last. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Held(long firstRevision, byte[] bytes, long millis, Supplier<String> where) {}

    /** Takes the next frame of the log. */
    void frame(long firstRevision, byte[] array, int offset, int length, Supplier<String> where) {
        if (length > retention.bytes()) {
            applyHeld();
            apply(firstRevision, new CommitReader(array, offset, length, where), where, null);
            return;
        }
        long at = ageMillis == 0 ? 0 : millisOf(array, offset, length, where);
        held.add(new Held(firstRevision, Arrays.copyOfRange(array, offset, offset + length), at, where));
        heldBytes += length;
        // Most frames of a long log pass here, in a JVM that is still cold: only the quick check.
        while (heldBytes > retention.bytes() || (held.size() > retention.revisions() && !isYoung(held.element(), at))) {
            apply(release(), null);
        }
    }

    private long millisOf(byte[] array, int offset, int length, Supplier<String> where) {
        CommitReader first = new CommitReader(array, offset, length, where);
        return first.nextCommit() ? first.millis() : millis;
    }

    private boolean isYoung(Held frame, long now) {
        return now - frame.millis() < ageMillis;
    }

    /** Whether a commit of the first frame is kept, {@code newest} being the last revision of the log and of this time. */
    private boolean keepsFirst(long newest, long now) {
        Iterator<Held> frames = held.iterator();
        frames.next();
        Held behind = frames.next();
        return newest - behind.firstRevision() < retention.revisions() - 1 || isYoung(behind, now);
    }

    private Held release() {
        Held oldest = held.remove();
        heldBytes -= oldest.bytes().length;
        return oldest;
    }

    private void applyHeld() {
        while (!held.isEmpty()) {
            apply(release(), null);
        }
    }

    /** Ends the replay: the newest root, and before it those that are kept. */
    Revisions revisions() {
        while (held.size() > 1
                && !keepsFirst(held.getLast().firstRevision(), held.getLast().millis())) {
            apply(release(), null);
        }
        Revisions revisions = new Revisions(retention, settled());
        while (!held.isEmpty()) {
            apply(release(), revisions);
        }
        return revisions;
    }

    private void apply(Held frame, @Nullable Revisions kept) {
        byte[] bytes = frame.bytes();
        apply(frame.firstRevision(), new CommitReader(bytes, 0, bytes.length, frame.where()), frame.where(), kept);
    }

    private void apply(long firstRevision, CommitReader reader, Supplier<String> where, @Nullable Revisions kept) {
        if (firstRevision > revision + 1) {
            throw new KvException.Corrupt(
                    where.get() + ": the frame begins with revision " + firstRevision + ", but revision " + revision
                            + " came before it; the commits between are missing. Restore a backup.");
        }
        for (long next = firstRevision; reader.nextCommit(); next++) {
            if (next <= revision) {
                reader.skipOperations();
            } else {
                apply(reader, where);
                revision = next;
                if (kept != null) {
                    keep(kept);
                }
            }
        }
    }

    private void apply(CommitReader reader, Supplier<String> where) {
        millis = Math.max(millis, reader.millis());
        versions = Math.max(versions, reader.versions());
        isSweep = false;
        operations = 0;
        bytes = 0;
        while (reader.nextOperation()) {
            isSweep = reader.kind() == CommitReader.Kind.EXPIRE; // which stands in no other commits
            Replay.check(reader, where);
            Replay.apply(reader, draft.editor(reader.keyspace()));
            operations++;
            bytes += reader.key().length + (reader.kind() == CommitReader.Kind.PUT ? reader.valueLength() : 0);
        }
    }

    private void keep(Revisions kept) {
        Root before = draft.base();
        Root after = settled();
        kept.append(after, Revisions.cost(before, after, operations, bytes), after.revision);
    }

    /** What has been applied so far, as a root, from which the replay goes on. */
    private Root settled() {
        Root root = draft.root(revision, millis, isSweep);
        draft = new Draft(root);
        return root;
    }

    /** Above every stamp in the log. */
    long versions() {
        return versions;
    }
}
