// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import io.github.kvist.table.Fence;
import io.github.kvist.table.StoredKeyspaces;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The store that is written to. Every commit comes on the condition that the journal is the one that this process wrote last, so of two
 * processes one is refused; and it brings the next journal along, so what it brings is known exactly. Only chunks of a copy may come without
 * it. Confined to one thread at a time.
 */
final class Target {

    /** Against a process that is just writing. */
    private static final int TAKE_OVERS_MAX = 100;

    /** Chunks that may be copied again after a kill. */
    private static final int AHEAD_MAX = 8;

    private final Backend backend;
    private final Keyspace notes;
    private final long process = ThreadLocalRandom.current().nextLong();
    private final Map<String, Keyspace> keyspaces = new HashMap<>();
    private long version = Condition.ABSENT;
    private @Nullable Journal journal;
    private Plan plan = new Plan(List.of());
    private boolean isFenced;
    private boolean isOurs;

    /** Chunks of which the stored journal does not tell yet. */
    private int ahead;

    Target(Backend backend) {
        this.backend = backend;
        this.notes = backend.keyspace(StoredKeyspaces.MIGRATION);
    }

    Backend backend() {
        return backend;
    }

    Keyspace keyspace(String name) {
        return keyspaces.computeIfAbsent(name, backend::keyspace);
    }

    /** Whether others are kept from writing to it. */
    void fenced(boolean fenced) {
        isFenced = fenced;
    }

    /** A definition as it is stored here. */
    byte[] definition(byte[] stored) {
        byte[] plain = Fence.plain(stored, 0, stored.length);
        return isFenced && backend.isShared() ? Fence.marked(plain) : plain;
    }

    /**
     * Reads what the target holds of a journal.
     *
     * @return {@code null} if there is none
     */
    @Nullable
    Journal read() {
        Stored stored = backend.get(notes, Notes.JOURNAL);
        version = stored == null ? Condition.ABSENT : stored.version();
        journal = stored == null ? null : Journal.of(stored, backend.description());
        ahead = 0;
        Stored planned = stored == null ? null : backend.get(notes, Notes.PLAN);
        plan = planned == null ? new Plan(List.of()) : Plan.of(planned, backend.description());
        return journal;
    }

    /**
     * Makes the journal that was read this process's, the first time; whoever wrote to it before is refused from now on.
     *
     * @throws KvException.Locked if it was this process's before, and another one has taken it
     */
    void takeOver() {
        for (int attempt = 1; ; attempt++) {
            if (isOurs && journal().owner() != process) {
                throw taken();
            }
            try {
                write(List.of(), journal(), Durability.OS);
                return;
            } catch (KvException.Locked justWritten) {
                if (isOurs || attempt == TAKE_OVERS_MAX) {
                    throw justWritten;
                }
            }
        }
    }

    /** What was read or written last, or is to be written next. */
    Journal journal() {
        return Objects.requireNonNull(journal, "journal");
    }

    Plan plan() {
        return plan;
    }

    /**
     * Refuses a store that holds tables already.
     *
     * @throws IllegalStateException if it does
     */
    void requireEmpty() {
        try (View view = backend.view()) {
            if (StoredKeyspaces.holdsTables(backend, view)) {
                throw new IllegalStateException("The target at " + backend.description()
                        + " holds tables, and no copy of the source that could be continued; nothing was changed."
                        + " Migrate into an empty store.");
            }
        }
    }

    /** Begins a pass over all keyspaces of a plan. */
    void write(Plan next, Journal begun) {
        write(List.of(new Operation.Put(notes, Notes.PLAN, next.toBytes(), Stored.NEVER)), begun, Durability.OS);
        plan = next;
    }

    /**
     * Commits operations and the journal that tells of them.
     *
     * @throws KvException.Locked if another process has taken over
     * @throws KvException.Conflict if an earlier commit of this process, whose outcome was unknown, came in between
     */
    void write(List<Operation> operations, Journal next, Durability durability) {
        Journal ours = next.ownedBy(process);
        long stamp = backend.newVersion();
        List<Operation> all = new ArrayList<>(operations);
        all.add(new Operation.Put(notes, Notes.JOURNAL, ours.toBytes(), Stored.NEVER, stamp));
        commit(all, durability);
        journal = ours;
        version = stamp;
        isOurs = true;
        ahead = 0;
    }

    /**
     * Commits a chunk of a copy, as {@link #write}. The journal may follow with one of the next commits: a chunk of puts alone is what many
     * systems are fastest at. Killed before, the next process applies the commits of the source from where the stored journal is, and copies
     * the chunk again as it is then; what is older than the chunk comes over it for a moment only.
     */
    void copy(List<Operation> chunk, Journal next) {
        if (next.stage() != Journal.Stage.COPYING || ahead == AHEAD_MAX) {
            write(chunk, next, Durability.OS);
            return;
        }
        if (!chunk.isEmpty()) {
            commit(chunk, Durability.OS);
        }
        journal = next.ownedBy(process);
        ahead++;
    }

    private void commit(List<Operation> operations, Durability durability) {
        Condition unchanged = new Condition(notes, Notes.JOURNAL, version);
        if (backend.commit(new Commit(List.of(unchanged), operations, durability)) == Commit.REFUSED) {
            throw overtaken();
        }
    }

    private KvException overtaken() {
        Journal there = read();
        if (there != null && there.owner() == process) {
            return new KvException.Conflict("A commit to " + backend.description()
                    + " whose answer was lost has come after all. Go on from what is there now.");
        }
        return taken();
    }

    private KvException.Locked taken() {
        return new KvException.Locked("Another process copies into " + backend.description()
                + ", or has undone what this one did. Let one of them go on.");
    }

    /** Forgets that there was a migration. */
    void forget() {
        List<Operation> forgetting =
                List.of(new Operation.Delete(notes, Notes.JOURNAL), new Operation.Delete(notes, Notes.PLAN));
        commit(forgetting, Durability.SYNC);
        journal = null;
        version = Condition.ABSENT;
    }
}
