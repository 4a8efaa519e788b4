// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.ChangeFeed;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.table.StoredKeyspaces;
import io.github.kvist.table.TableStore;
import java.util.List;

/** The commits that say which of the two stores is current; what they say is what the next process goes by. */
final class Handover {

    /** A position from which a follower replays all that the source still knows, and compares the rest. */
    static final long FROM_THE_BEGINNING = 0;

    private final TableStore source;
    private final TableStore target;

    Handover(TableStore source, TableStore target) {
        this.source = source;
        this.target = target;
    }

    /**
     * The target is current, and the source, which is fenced, begins to follow it.
     *
     * @throws KvException.OutcomeUnknown if nobody can tell whether that is stored
     */
    void arrive(Replication work) {
        if (target.backend() instanceof ChangeFeed) {
            Journal following =
                    Journal.following(work.journal().id(), target.backend().revision());
            source.backend()
                    .commit(new Commit(List.of(), List.of(journal(source.backend(), following)), Durability.OS));
        }
        try {
            work.target().write(List.of(), work.journal().at(Journal.Stage.CUT_OVER), Durability.SYNC);
        } catch (KvException.OutcomeUnknown lost) {
            if (!isStored(work, lost)) {
                throw new KvException.Unavailable(
                        "The target could not be reached to make it the current store; nothing has changed.", lost);
            }
        }
    }

    /** Whether the commit that was lost has happened; if not, it never will. */
    private static boolean isStored(Replication work, KvException.OutcomeUnknown lost) {
        try {
            Journal there = work.target().read();
            if (there != null && there.stage() == Journal.Stage.CUT_OVER) {
                return true;
            }
            work.target().write(List.of(), work.journal(), Durability.SYNC);
            return false;
        } catch (KvException cannotTell) {
            lost.addSuppressed(cannotTell);
            throw lost;
        }
    }

    private static Operation journal(Backend backend, Journal journal) {
        return new Operation.Put(notes(backend), Notes.JOURNAL, journal.toBytes(), Stored.NEVER);
    }

    private static Keyspace notes(Backend backend) {
        return backend.keyspace(StoredKeyspaces.MIGRATION);
    }

    /** The source is current again; the target is still fenced. */
    void comeHome() {
        List<Operation> forgetting = List.of(
                new Operation.Delete(notes(source.backend()), Notes.JOURNAL),
                new Operation.Delete(notes(source.backend()), Notes.PLAN));
        try {
            source.fence().lower(forgetting);
        } catch (KvException.OutcomeUnknown lost) {
            if (source.fence().look().isPresent()) {
                throw lost;
            }
        }
    }

    /** The target follows again, from a revision of the source at which both were the same. */
    void settle(long position) {
        Journal there = new Target(target.backend()).read();
        if (there == null) {
            throw new IllegalStateException("The journal of the migration in "
                    + target.backend().description() + " is gone. Empty the target, and begin again.");
        }
        Journal following = Journal.following(there.id(), position);
        target.fence().lower(List.of(journal(target.backend(), following)));
    }
}
