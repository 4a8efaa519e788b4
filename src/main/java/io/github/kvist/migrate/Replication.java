// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import io.github.kvist.table.StoredKeyspaces;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes a target like its source, and keeps it so. Confined to one thread at a time, but for {@link #stop}.
 *
 * <p>The source is copied in chunks, each from a view of its own, and its commits are applied meanwhile. Before a chunk that was read at
 * some revision is written, all commits up to that revision have been applied, and those after it are applied later; so nothing older
 * ever comes over something newer, no view has to stay open for long, and the source need not have snapshots. When the last chunk is
 * written, the target is the source as of the position of its journal.
 *
 * <p>If commits were missed everything is compared once more, chunk by chunk in the same way, and what differs is repaired.
 */
final class Replication implements AutoCloseable {

    private static final Duration GLANCE = Duration.ofMillis(2);
    private static final Duration WAIT = Duration.ofMillis(50);

    /** Behind by so many commits that bring nothing, the journal is written all the same. */
    private static final long SILENT_COMMITS = 256;

    private final Backend source;
    private final Target target;
    private final Tally tally;
    private @Nullable Follower follower;
    private @Nullable ChunkReader reader;
    private volatile boolean stopping;

    Replication(Backend source, Backend target, Tally tally) {
        this.source = source;
        this.target = new Target(target);
        this.tally = tally;
    }

    /**
     * Goes on from what the target holds, or begins.
     *
     * @throws IllegalStateException if the target holds something else than a copy of the source
     */
    void open() {
        close();
        Journal journal = target.read();
        if (journal == null) {
            begin();
        } else {
            requireOurs(journal);
            target.takeOver();
        }
        follower = Follower.after(source, journal().id(), journal().position());
        reader = new ChunkReader(source);
        tally.expect(expected());
        tell();
    }

    private void begin() {
        target.requireEmpty();
        String id = UUID.randomUUID().toString();
        target.write(plan(), Journal.begun(id, mark(id)));
    }

    private long mark(String id) {
        Keyspace notes = source.keyspace(StoredKeyspaces.MIGRATION);
        Operation put = new Operation.Put(notes, Notes.mark(id), new byte[0], Stored.NEVER);
        return source.commit(new Commit(List.of(), List.of(put), Durability.SYNC));
    }

    private void requireOurs(Journal journal) {
        Keyspace notes = source.keyspace(StoredKeyspaces.MIGRATION);
        Stored other = source.get(notes, Notes.JOURNAL);
        // After a move the two have changed sides.
        boolean isOther =
                other != null && Journal.of(other, source.description()).id().equals(journal.id());
        if (!isOther && source.get(notes, Notes.mark(journal.id())) == null) {
            throw new IllegalStateException("The target at " + target.backend().description()
                    + " holds a copy of another store than " + source.description()
                    + ", or of one that was restored since; nothing was changed."
                    + " Name the store that it is a copy of, or an empty target.");
        }
    }

    /** All keyspaces that either side knows. */
    private Plan plan() {
        Set<String> names = new LinkedHashSet<>();
        try (View view = target.backend().view()) {
            names.addAll(StoredKeyspaces.in(target.backend(), view));
        }
        try (View view = source.view()) {
            names.addAll(StoredKeyspaces.in(source, view));
        }
        // At the end, so that whoever finds a definition finds its records.
        names.remove(StoredKeyspaces.DEFINITIONS);
        names.add(StoredKeyspaces.DEFINITIONS);
        return new Plan(List.copyOf(names));
    }

    private long expected() {
        long entries = 0;
        for (String name : target.plan().keyspaces()) {
            try (View view = source.view()) {
                entries += view.count(source.keyspace(name), Journal.START, null);
            } catch (KvException.Conflict moving) {
                return Tally.UNKNOWN;
            }
        }
        return entries;
    }

    Backend source() {
        return source;
    }

    Target target() {
        return target;
    }

    Journal journal() {
        return target.journal();
    }

    private Follower follower() {
        return Objects.requireNonNull(follower, "open() first");
    }

    private ChunkReader reader() {
        return Objects.requireNonNull(reader, "open() first");
    }

    /** Does a piece of what is to be done, or waits a moment for something to do. */
    void step() throws InterruptedException {
        if (follower().hasMissed()) {
            repairFromNow();
        } else if (journal().stage() == Journal.Stage.COPYING) {
            copyChunk();
        } else {
            follow();
        }
    }

    private void repairFromNow() {
        target.write(plan(), journal().repairingAt(follower().position()));
        follower().forgive();
        tell();
    }

    private void copyChunk() throws InterruptedException {
        Journal journal = journal();
        List<String> keyspaces = target.plan().keyspaces();
        Chunk chunk = read(keyspaces, journal.keyspace(), journal.from());
        if (!drain(chunk.revision(), Long.MAX_VALUE)) {
            return;
        }
        Batch batch = new Batch(target);
        if (journal.isRepairing()) {
            repair(chunk, batch);
        } else {
            for (Chunk.Item item : chunk.items()) {
                batch.put(chunk.keyspace(), item);
            }
        }
        boolean isLast = chunk.to() == null && journal.keyspace() + 1 == keyspaces.size();
        Journal next = journal().applied(follower().position(), 0).copied(chunk);
        target.copy(batch.take(), isLast ? next.at(Journal.Stage.FOLLOWING) : next);
        tell();
    }

    private Chunk read(List<String> keyspaces, int keyspace, byte[] from) throws InterruptedException {
        Chunk chunk = reader().read(keyspaces.get(keyspace), from, follower().position());
        byte[] to = chunk.to();
        if (to != null) {
            reader().expect(chunk.keyspace(), to);
        } else if (keyspace + 1 < keyspaces.size()) {
            reader().expect(keyspaces.get(keyspace + 1), Journal.START);
        }
        return chunk;
    }

    /** Leaves in the batch what is still to be written of the repair; returns how many entries that and what was written were. */
    private long repair(Chunk chunk, Batch batch) {
        long repaired = 0;
        while (true) {
            boolean isAll;
            try (View there = target.backend().view()) {
                isAll = new Comparison(chunk, there, target.keyspace(chunk.keyspace())).repair(batch);
            }
            repaired += batch.size();
            if (isAll) {
                tally.repaired(repaired);
                return repaired;
            }
            target.write(batch.take(), journal(), Durability.OS);
        }
    }

    private void follow() throws InterruptedException {
        Batch batch = new Batch(target);
        Feed.Event.Committed next = follower().next(Long.MAX_VALUE, WAIT);
        long changes = 0;
        while (next != null) {
            changes += apply(next, batch);
            next = batch.isFull() || stopping ? null : follower().next(Long.MAX_VALUE, Duration.ZERO);
        }
        flush(batch, changes);
    }

    /**
     * Applies the commits of the source through a revision.
     *
     * @param deadline by {@link System#nanoTime}; {@link Long#MAX_VALUE} for none
     * @return false if some were missed, or the time was too short, or it is to stop
     */
    boolean drain(long through, long deadline) throws InterruptedException {
        Batch batch = new Batch(target);
        long changes = 0;
        boolean isMarked = false;
        while (follower().position() < through && !follower().hasMissed() && !isOver(deadline)) {
            Feed.Event.Committed next = follower().next(through, isMarked ? WAIT : GLANCE);
            if (next != null) {
                changes += apply(next, batch);
                if (batch.isFull()) {
                    flush(batch, changes);
                    changes = 0;
                }
            } else if (!isMarked
                    && follower().position() < through
                    && !follower().hasMissed()) {
                follower().mark();
                isMarked = true;
            }
        }
        flush(batch, changes);
        return follower().position() >= through && !follower().hasMissed();
    }

    private boolean isOver(long deadline) {
        return stopping || (deadline != Long.MAX_VALUE && System.nanoTime() - deadline >= 0);
    }

    private long apply(Feed.Event.Committed commit, Batch batch) {
        long changes = 0;
        for (KeyChange change : commit.changes()) {
            String keyspace = change.keyspace().name();
            if (keyspace.equals(StoredKeyspaces.MIGRATION)) {
                continue;
            }
            if (batch.isFull()) {
                // A part of a large commit: the position stays before it, and it would be applied again as a whole.
                target.write(batch.take(), journal(), Durability.OS);
            }
            Stored after = change.after();
            if (after == null) {
                batch.delete(keyspace, change.key());
            } else {
                batch.put(keyspace, change.key(), after);
            }
            changes++;
        }
        return changes;
    }

    private void flush(Batch batch, long changes) {
        long position = follower().position();
        if (follower().hasMissed()) {
            // What is here is the newest state of its keys, but the position is beyond what was missed.
            position = journal().position();
        }
        if (!batch.isEmpty() || position - journal().position() >= SILENT_COMMITS) {
            target.write(batch.take(), journal().applied(position, changes), Durability.OS);
        }
        tell();
    }

    private void tell() {
        tally.at(journal(), follower == null ? journal().position() : follower().position(), source.revision());
    }

    /**
     * Compares all of both, beside their writers, and repairs what differs.
     *
     * @throws KvException.Conflict if commits were missed meanwhile: they are made up for by copying again
     */
    Verification verify() throws InterruptedException {
        long began = System.nanoTime();
        long first = follower().position();
        long entries = 0;
        long ranges = 0;
        long differingRanges = 0;
        long repaired = 0;
        List<String> keyspaces = plan().keyspaces();
        for (int keyspace = 0; keyspace < keyspaces.size(); keyspace++) {
            byte[] from = Journal.START;
            while (from != null) {
                Chunk chunk = read(keyspaces, keyspace, from);
                if (!drain(chunk.revision(), Long.MAX_VALUE)) {
                    throw new KvException.Conflict("The comparison was overtaken: commits of " + source.description()
                            + " were missed, or it was to stop. Wait until it follows again, and compare again.");
                }
                ranges++;
                entries += chunk.items().size();
                if (!isSame(chunk)) {
                    differingRanges++;
                    Batch batch = new Batch(target);
                    repaired += repair(chunk, batch);
                    target.write(batch.take(), journal(), Durability.OS);
                }
                tally.verified(entries);
                from = chunk.to();
            }
        }
        return new Verification(
                first,
                follower().position(),
                entries,
                ranges,
                differingRanges,
                repaired,
                Duration.ofNanos(System.nanoTime() - began));
    }

    private boolean isSame(Chunk chunk) {
        try (View there = target.backend().view()) {
            return new Comparison(chunk, there, target.keyspace(chunk.keyspace())).isSame();
        }
    }

    /** Makes what runs end soon; safe for any thread. */
    void stop() {
        stopping = true;
    }

    @Override
    public void close() {
        Follower open = follower;
        ChunkReader reading = reader;
        follower = null;
        reader = null;
        if (open != null) {
            open.close();
        }
        if (reading != null) {
            reading.close();
        }
    }
}
