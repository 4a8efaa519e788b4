// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Unchanged;
import io.github.kvist.backend.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refuses writes to a store whose data have moved to another one; reads go on. It is stored with the data, and so outlives the
 * process. Safe for any number of threads.
 *
 * <p>In this process it stands before every write. Where other processes write to the same data too, it also marks the definition of
 * every table: their commits rely on the definition by its version, so the next one is refused, and whoever then reads the definition
 * again finds the mark. A table that has none yet is not given one.
 */
public final class Fence {

    private static final byte[] KEY = "fence".getBytes(UTF_8);

    private final Backend backend;
    private final Keyspace notes;
    private final Keyspace definitions;
    private volatile @Nullable Raised raised;

    /** Whether this process has raised it, and so knows that it stands. */
    private volatile boolean isOurs;

    /**
     * What stands in the way.
     *
     * @param id of the move, the same in both stores
     * @param movedTo where the data are now, without secrets
     */
    public record Raised(String id, String movedTo) {}

    Fence(Backend backend) {
        this.backend = backend;
        this.notes = backend.keyspace(KeyspaceNames.MIGRATION);
        this.definitions = backend.keyspace(KeyspaceNames.DEFINITIONS);
    }

    /** Looks whether it is stored. */
    public Optional<Raised> look() {
        Stored stored = backend.get(notes, KEY);
        raised = stored == null ? null : parsed(stored);
        return Optional.ofNullable(raised);
    }

    private static Raised parsed(Stored stored) {
        String text = new String(stored.array(), stored.offset(), stored.length(), UTF_8);
        int space = text.indexOf(' ');
        return new Raised(space < 0 ? text : text.substring(0, space), text.substring(space + 1));
    }

    /**
     * From now on writes are refused, here at once and everywhere when this returns; commits under way end before it or are refused.
     *
     * @param alongside what the same commit brings
     * @return its revision: nothing but a sweep comes behind it
     * @throws IllegalStateException if it was raised for another move
     * @throws KvException as {@link Backend#commit}; it is lowered then, unless the outcome is unknown
     */
    public long raise(Raised why, List<? extends Operation> alongside) {
        isOurs = true;
        raised = why;
        try {
            return change(true, why, alongside);
        } catch (KvException.OutcomeUnknown perhaps) {
            throw perhaps;
        } catch (RuntimeException failed) {
            raised = null;
            isOurs = false;
            throw failed;
        }
    }

    /**
     * Lets writes go on, here and everywhere.
     *
     * @param alongside what the same commit brings
     * @return its revision
     * @throws KvException as {@link Backend#commit}; it may still stand then
     */
    public long lower(List<? extends Operation> alongside) {
        long revision = change(false, null, alongside);
        raised = null;
        isOurs = false;
        return revision;
    }

    private long change(boolean isRaised, @Nullable Raised why, List<? extends Operation> alongside) {
        while (true) {
            List<Operation> operations = new ArrayList<>(alongside);
            List<Condition> conditions = new ArrayList<>();
            if (why == null) {
                operations.add(new Operation.Delete(notes, KEY));
            } else {
                byte[] text = (why.id() + " " + why.movedTo()).getBytes(UTF_8);
                operations.add(new Operation.Put(notes, KEY, text, Stored.NEVER));
                conditions.add(new Condition(notes, KEY, Condition.ABSENT));
            }
            @Nullable Unchanged unchanged = backend.isShared() ? markDefinitions(isRaised, why, operations) : null;
            try {
                long revision = backend.commit(new Commit(conditions, unchanged, operations, Durability.SYNC));
                if (revision != Commit.REFUSED) {
                    return revision;
                }
                throw new IllegalStateException("The data of " + backend.description()
                        + " are being moved already; go on with that, or take it back.");
            } catch (KvException.Conflict overtaken) {
                // A table was defined meanwhile: once more, with it.
            }
        }
    }

    private Unchanged markDefinitions(boolean isRaised, @Nullable Raised why, List<Operation> operations) {
        Range all = new Range(definitions, Bounds.ALL.from(), null);
        try (View view = backend.view()) {
            try (EntryCursor stored = view.scan(definitions, all.from(), all.to(), false)) {
                while (stored.advance()) {
                    byte[] plain = plain(stored.array(), stored.offset(), stored.offset() + stored.length());
                    byte[] marked = isRaised && why != null ? marked(plain) : plain;
                    operations.add(new Operation.Put(definitions, stored.key(), marked, Stored.NEVER));
                }
            }
            return new Unchanged(view.revision(), view.instant(), List.of(all));
        }
    }

    /** The definition of a table as it is stored behind a fence. */
    public static byte[] marked(byte[] definition) {
        byte[] marked = new byte[definition.length + 1];
        marked[0] = StoredDefinition.FENCED;
        System.arraycopy(definition, 0, marked, 1, definition.length);
        return marked;
    }

    /** The definition of a table as it is stored without a fence. */
    public static byte[] plain(byte[] array, int from, int to) {
        int start = from < to && array[from] == StoredDefinition.FENCED ? from + 1 : from;
        return Arrays.copyOfRange(array, start, to);
    }

    /** Throws if it stands in the way of a write. */
    void requireDown() {
        // Another process may have lowered it since this one looked.
        if (raised != null && (isOurs || look().isPresent())) {
            throw found();
        }
    }

    /** Throws if it stands in the way of a transaction, which then relies on it. */
    void requireDown(Branch branch) {
        branch.guard(notes, KEY);
        if (branch.get(notes, KEY) != null) {
            throw found();
        }
    }

    /** What a write fails with. */
    KvException.Unsupported found() {
        Raised known = raised;
        Raised why = known == null ? look().orElse(null) : known;
        return new KvException.Unsupported("The data of " + backend.description() + " have moved to "
                + (why == null ? "another store" : why.movedTo())
                + ", so nothing is written here any more. Open them there; or take the move back.");
    }
}
