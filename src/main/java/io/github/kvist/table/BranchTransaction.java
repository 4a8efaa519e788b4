// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Savepoint;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A write transaction on a branch of the backend. One of {@code write} or {@code update} ends with its closure and is
 * committed by the backend; one of {@code begin} by its owner.
 *
 * <p>Actions of {@link #onCommit} run in the order in which they were registered. One that throws undoes nothing and keeps
 * no other from running; the first exception is thrown from the commit when all have run, the rest are suppressed in it.
 * Those registered since a savepoint are dropped by {@link #rollbackTo} together with the writes they belong to.
 */
final class BranchTransaction implements WriteTransaction, Views {

    private final TableStore store;
    private final Branch branch;
    private final boolean isManaged;
    private final boolean isRerun;
    private final Map<Table<?, ?>, TransactionTable<?, ?>> tables = new HashMap<>();
    // Tables whose stored definition was not known to be theirs, and that were prepared in this branch.
    private Set<KnownTable> readable = Set.of();
    private Set<KnownTable> writable = Set.of();
    private final LiveCursors cursors = new LiveCursors();
    private final List<LongConsumer> actions = new ArrayList<>();
    private boolean isHalfDone;
    private boolean ended;

    /** A transaction, {@code isRerun} if its closure ran before and lost. */
    BranchTransaction(TableStore store, Branch branch, boolean isManaged, boolean isRerun) {
        this.isRerun = isRerun;
        this.store = store;
        this.branch = branch;
        this.isManaged = isManaged;
    }

    private record Mark(BranchTransaction owner, Branch.Mark mark, int actions) implements Savepoint {
        @Override
        public String toString() {
            return "Savepoint";
        }
    }

    @Override
    public long revision() {
        requireOpen();
        return branch.revision();
    }

    @Override
    @SuppressWarnings("unchecked") // put in with the types of its table
    public <K, V> TableWriter<K, V> in(Table<K, V> table) {
        requireOpen();
        TransactionTable<?, ?> present = tables.get(table);
        if (present == null) {
            present = new TransactionTable<>(this, store.space(table));
            tables.put(table, present);
        }
        return (TableWriter<K, V>) present;
    }

    /** A table by its place, named by the program or not. */
    <K, V> TransactionTable<K, V> table(TableSpace<K, V> space) {
        requireOpen();
        return new TransactionTable<>(this, space);
    }

    @Override
    public Savepoint savepoint() {
        requireWhole();
        return new Mark(this, branch.mark(), actions.size());
    }

    @Override
    public void rollbackTo(Savepoint savepoint) {
        requireOpen();
        if (!(savepoint instanceof Mark mark) || mark.owner != this) {
            throw new IllegalArgumentException(
                    "The savepoint is of another transaction. Roll back to one that this transaction gave.");
        }
        cursors.detachAll();
        branch.rollbackTo(mark.mark);
        actions.subList(mark.actions, actions.size()).clear();
        // Definitions and indexes may have been written since.
        readable = Set.of();
        writable = Set.of();
        isHalfDone = false;
    }

    @Override
    public void onCommit(LongConsumer action) {
        requireOpen();
        actions.add(Objects.requireNonNull(action, "action"));
    }

    @Override
    public long commit() {
        requireUnmanaged();
        requireWhole();
        store.requireNotMoved();
        ended = true;
        long revision;
        try {
            revision = branch.commit();
        } finally {
            branch.close();
        }
        committed(revision);
        return revision;
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        requireUnmanaged();
        ended = true;
        branch.close();
    }

    private void requireUnmanaged() {
        if (isManaged) {
            throw new IllegalStateException("A transaction of write or update ends with its closure: "
                    + "return to commit, throw to roll back, or use begin() to end it yourself.");
        }
    }

    /** The closure of a managed transaction has returned and the backend is about to commit. */
    void finish() {
        requireWhole();
        store.requireNotMoved();
        ended = true;
    }

    /** The closure has thrown. */
    void abandon() {
        ended = true;
    }

    /** The commit of a managed transaction is visible. */
    void committed() {
        committed(actions.isEmpty() ? 0 : branch.revision());
    }

    private void committed(long revision) {
        store.considerSweep();
        for (KnownTable table : writable) {
            if (!table.isExact()) {
                store.definitions().confirm(table);
            }
        }
        Throwable first = null;
        for (LongConsumer action : actions) {
            try {
                action.accept(revision);
            } catch (Throwable failed) { // an error, or what a compiler would have refused, stops no other either
                first = joined(first, failed);
            }
        }
        if (first != null) {
            throw BranchTransaction.<RuntimeException>asItIs(first);
        }
    }

    private static Throwable joined(@Nullable Throwable first, Throwable failed) {
        if (first == null) {
            return failed;
        }
        if (first != failed) {
            first.addSuppressed(failed);
        }
        return first;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // only the compiler minds
    private static <T extends Throwable> T asItIs(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** The branch, to write to records of the table: its definition is stored and its indexes are complete. */
    Branch writable(TableSpace<?, ?> space) {
        requireWhole();
        if (store.shared() != null) {
            rely(space, true);
        } else if (!space.known().isExactAt(branch.revision()) && !writable.contains(space.known())) {
            wholly(() -> store.definitions().makeWritable(branch, space));
            writable = with(writable, space.known());
            readable = with(readable, space.known());
        }
        return branch;
    }

    /** On a system that others write to, the commit checks that the definition is still the one it was. */
    private void rely(TableSpace<?, ?> space, boolean isWriting) {
        if (!(isWriting ? writable : readable).contains(space.known())) {
            Objects.requireNonNull(store.shared()).rely(branch, space, isWriting, isRerun);
            readable = with(readable, space.known());
            writable = isWriting ? with(writable, space.known()) : writable;
        }
    }

    private static Set<KnownTable> with(Set<KnownTable> tables, KnownTable table) {
        Set<KnownTable> more = new HashSet<>(tables);
        more.add(table);
        return more;
    }

    @Override
    public View acquire() {
        requireWhole();
        return branch;
    }

    @Override
    public View acquireIndexed(TableSpace<?, ?> space) {
        requireWhole();
        if (store.shared() != null) {
            rely(space, false);
        } else if (!space.known().isExactAt(branch.revision()) && !readable.contains(space.known())) {
            wholly(() -> store.definitions().makeReadable(branch, space));
            readable = with(readable, space.known());
        }
        return branch;
    }

    @Override
    public void release(View acquired) {
        // The branch lives as long as the transaction.
    }

    @Override
    public void opened(IndexCursor<?, ?> cursor) {
        cursors.add(cursor);
    }

    LiveCursors cursors() {
        return cursors;
    }

    /** Runs writes that have either all their effect or none. */
    void wholly(Runnable writes) {
        Branch.Mark mark = branch.mark();
        isHalfDone = true;
        try {
            writes.run();
        } catch (RuntimeException | Error failed) {
            branch.rollbackTo(mark);
            isHalfDone = false;
            throw failed;
        }
        isHalfDone = false;
    }

    /** To be called before the first of several writes that must not stay half done; {@link #written} follows. */
    void writing() {
        isHalfDone = true;
    }

    void written() {
        isHalfDone = false;
    }

    @Override
    public void requireOpen() {
        if (ended) {
            throw new IllegalStateException("The transaction has ended. Begin another.");
        }
        store.requireOpen();
    }

    private void requireWhole() {
        requireOpen();
        if (isHalfDone) {
            throw new IllegalStateException("An operation of this transaction failed half way. "
                    + "Roll back to a savepoint, or close the transaction.");
        }
    }

    @Override
    public String toString() {
        return ended ? "Transaction that has ended" : "Transaction on revision " + branch.revision();
    }
}
