// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Isolation;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.format.CommitWriter;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeCursor;
import io.github.kvist.tree.TreeEditor;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as a private branch of the trees. Its operations are written down, as they happen, in the form in which they
 * will stand in the log, so that a commit can replay them on a newer head and log them without encoding them again.
 */
final class EngineBranch implements Branch {

    private static final int OPERATIONS_BYTES = 512;

    private final Committer committer;
    private final Keyspaces keyspaces;
    private final Draft draft;
    private final MemoryLimit.@Nullable Branch room;
    private final long instant;
    private final Isolation isolation;
    private final Durability durability;
    private final boolean isScratch;
    private final CommitWriter operations = new CommitWriter(0, 0, OPERATIONS_BYTES);
    private final ReadSet reads = new ReadSet();
    private final Deque<BranchMark> marks = new ArrayDeque<>();
    private long revision;
    private long changes;
    private boolean ended;
    /** Whether an operation was left half way, so that the trees and what is written down differ. */
    private boolean isTorn;

    EngineBranch(
            Committer committer,
            Keyspaces keyspaces,
            Root base,
            long instant,
            Isolation isolation,
            Durability durability,
            boolean isScratch) {
        this.committer = committer;
        this.keyspaces = keyspaces;
        this.draft = new Draft(base);
        this.room = isScratch ? null : committer.limit().branch(draft);
        this.instant = instant;
        this.revision = base.revision;
        this.isolation = isolation;
        this.durability = durability;
        this.isScratch = isScratch;
    }

    Draft draft() {
        return draft;
    }

    CommitWriter operations() {
        return operations;
    }

    /** How many operations there were, those undone again too. */
    long changes() {
        return changes;
    }

    ReadSet reads() {
        return reads;
    }

    Durability durability() {
        return durability;
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public @Nullable Stored get(Keyspace keyspace, byte[] key) {
        int number = open(keyspace);
        if (recordsReads()) {
            reads.key(number, key);
        }
        return present(number, key);
    }

    private @Nullable Stored present(int number, byte[] key) {
        TreeEditor touched = draft.touched(number);
        return EngineView.stored(touched == null ? draft.base().tree(number).get(key) : touched.get(key), instant);
    }

    @Override
    public long instant() {
        return instant;
    }

    @Override
    public EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
        int number = open(keyspace);
        RadixTree tree = draft.tree(number);
        TreeCursor cursor = reverse ? tree.backward(from, to) : tree.forward(from, to);
        long due = EngineView.dueIn(tree, instant);
        if (!recordsReads()) {
            return new TreeScan(cursor, due);
        }
        RecordedScan scan = new RecordedScan(cursor, due, from, to, reverse);
        reads.scan(number, scan);
        return scan;
    }

    @Override
    public long count(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        int number = open(keyspace);
        if (recordsReads()) {
            reads.span(number, from, to);
        }
        return EngineView.count(draft.tree(number), from, to, instant);
    }

    @Override
    public long put(Keyspace keyspace, byte[] key, byte[] value, long deadline) {
        int number = write(keyspace, key);
        StoreLimits.checkValue(value.length);
        StoreLimits.checkTransaction(operations.length(), key.length + (long) value.length);
        makeRoom(number, key, value.length);
        long version = committer.nextVersion();
        isTorn = true;
        catalogue(number);
        operations.put(number, key, value, 0, value.length, version, deadline);
        draft.editor(number).put(key, value, 0, value.length, version, deadline);
        isTorn = false;
        return version;
    }

    /** Puts an entry with a version that it has already. */
    void copy(Keyspace keyspace, byte[] key, Stored entry) {
        int number = write(keyspace, key);
        StoreLimits.checkTransaction(operations.length(), key.length + (long) entry.length());
        makeRoom(number, key, entry.length());
        byte[] array = entry.array();
        int offset = entry.offset();
        int length = entry.length();
        isTorn = true;
        catalogue(number);
        operations.put(number, key, array, offset, length, entry.version(), entry.deadline());
        draft.editor(number).put(key, array, offset, length, entry.version(), entry.deadline());
        isTorn = false;
    }

    @Override
    public boolean touch(Keyspace keyspace, byte[] key, long deadline) {
        int number = write(keyspace, key);
        // The value is written again, so nobody else may have changed it, whatever the isolation.
        reads.key(number, key);
        Stored present = present(number, key);
        if (present == null) {
            return false;
        }
        StoreLimits.checkTransaction(operations.length(), key.length + (long) present.length());
        byte[] array = present.array();
        int offset = present.offset();
        int length = present.length();
        isTorn = true;
        operations.put(number, key, array, offset, length, present.version(), deadline);
        draft.editor(number).put(key, array, offset, length, present.version(), deadline);
        isTorn = false;
        return true;
    }

    @Override
    public boolean delete(Keyspace keyspace, byte[] key) {
        int number = write(keyspace, key);
        boolean present = present(number, key) != null;
        // Whether there was something is an answer, and so a read.
        if (recordsReads()) {
            reads.key(number, key);
        }
        if (present) {
            isTorn = true;
            operations.delete(number, key);
            draft.editor(number).delete(key);
            isTorn = false;
        }
        return present;
    }

    @Override
    public long deleteRange(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        int number = open(keyspace);
        reads.span(number, from, to);
        RadixTree tree = draft.tree(number);
        long present = EngineView.count(tree, from, to, instant);
        if (present > 0) {
            isTorn = true;
            operations.deleteRange(number, from, to);
            draft.editor(number).deleteRange(from, to);
            isTorn = false;
        }
        return present;
    }

    @Override
    public void guard(Keyspace keyspace, byte[] key) {
        reads.key(open(keyspace), key);
    }

    @Override
    public void guardRange(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        reads.span(open(keyspace), from, to);
    }

    @Override
    public void require(Condition condition) {
        int number = open(condition.keyspace());
        reads.key(number, condition.key());
        if (!condition.holds(present(number, condition.key()))) {
            throw new KvException.Conflict("The condition on an entry of "
                    + condition.keyspace().name() + " does not hold at revision " + revision
                    + "; nothing was written. Run the transaction again.");
        }
    }

    @Override
    public Mark mark() {
        checkWhole();
        BranchMark mark = new BranchMark(this, draft.freeze(), operations.mark());
        marks.push(mark);
        return mark;
    }

    @Override
    public void rollbackTo(Mark mark) {
        checkOpen();
        if (!(mark instanceof BranchMark ours) || !marks.contains(ours)) {
            throw new IllegalArgumentException(
                    "This savepoint is of another transaction, or a rollback to an earlier one has ended it.");
        }
        isTorn = true;
        while (!ours.equals(marks.peek())) {
            marks.pop();
        }
        for (int keyspace = 0; keyspace < draft.size(); keyspace++) {
            draft.reset(keyspace, keyspace < ours.trees().length ? ours.trees()[keyspace] : null);
        }
        operations.rollbackTo(ours.operations());
        isTorn = false;
    }

    @Override
    public long commit() {
        checkWhole();
        if (isScratch) {
            throw new IllegalStateException("A scratch branch cannot be committed.");
        }
        ended = true;
        if (operations.length() > 0) {
            revision = committer.commit(this);
        }
        return revision;
    }

    @Override
    public void close() {
        ended = true;
    }

    private void makeRoom(int number, byte[] key, int valueLength) {
        if (room != null) {
            room.beforePut(number, key, valueLength);
        }
    }

    private boolean recordsReads() {
        return isolation == Isolation.SERIALIZABLE && !isScratch;
    }

    private int write(Keyspace keyspace, byte[] key) {
        int number = open(keyspace);
        StoreLimits.checkKey(key.length);
        changes++;
        if (isolation == Isolation.SNAPSHOT) {
            reads.key(number, key); // first committer wins
        }
        return number;
    }

    /** The first entry of a keyspace brings its name into the catalogue. */
    private void catalogue(int number) {
        if (draft.touched(number) != null || draft.base().tree(number).count() > 0) {
            return;
        }
        EngineKeyspace keyspace = keyspaces.numbered(number);
        byte[] name = Keyspaces.catalogueKey(keyspace);
        TreeEditor catalogue = draft.editor(Keyspaces.CATALOGUE);
        if (catalogue.get(name) == null) {
            byte[] value = Keyspaces.catalogueValue(keyspace);
            long version = committer.nextVersion();
            operations.put(Keyspaces.CATALOGUE, name, value, 0, value.length, version, Stored.NEVER);
            catalogue.put(name, value, 0, value.length, version, Stored.NEVER);
        }
    }

    private int open(Keyspace keyspace) {
        checkWhole();
        return keyspaces.numberOf(keyspace);
    }

    private void checkOpen() {
        if (ended) {
            throw new IllegalStateException("This transaction has ended. Begin another one.");
        }
    }

    private void checkWhole() {
        checkOpen();
        if (isTorn) {
            throw new IllegalStateException("An operation of this transaction failed half way."
                    + " Roll back to a savepoint, or close the transaction.");
        }
    }

    /** The trees that were touched, by number, and how far the operations had come. */
    @SuppressWarnings("ArrayRecordComponent") // never compared by content
    private record BranchMark(EngineBranch branch, @Nullable RadixTree[] trees, CommitWriter.Mark operations)
            implements Mark {

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
