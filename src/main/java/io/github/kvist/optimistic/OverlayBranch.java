// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.optimistic;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Unchanged;
import io.github.kvist.backend.View;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A view of the newest commit under pending writes. Nothing of it reaches the backend before the commit, which is one call; the
 * view is let go of before that.
 */
final class OverlayBranch implements Branch {

    /** With more pending writes in a range, counting its entries one by one is cheaper than asking for each. */
    private static final int LOOKED_UP_MAX = 16;

    private final Backend backend;
    private final SettledView view;
    private final boolean isSerializable;
    private final boolean isScratch;
    private final Durability durability;
    private final Overlay overlay = new Overlay();
    private final Reads reads = new Reads();
    private final List<Condition> conditions = new ArrayList<>();
    private final Deque<OverlayMark> marks = new ArrayDeque<>();
    private long committed = -1;
    private boolean ended;

    private OverlayBranch(
            Backend backend, View view, boolean isSerializable, boolean isScratch, Durability durability) {
        this.backend = backend;
        this.view = new SettledView(view);
        this.isSerializable = isSerializable;
        this.isScratch = isScratch;
        this.durability = durability;
    }

    static OverlayBranch of(Backend backend, boolean isSerializable, Durability durability) {
        return new OverlayBranch(backend, backend.view(), isSerializable, false, durability);
    }

    /** One that is never committed, over a view that is its owner's to close. */
    static OverlayBranch scratch(Backend backend, View view) {
        return new OverlayBranch(backend, view, false, true, Durability.MEMORY);
    }

    @Override
    public long revision() {
        return committed >= 0 ? committed : view.revision();
    }

    @Override
    public long instant() {
        return view.instant();
    }

    @Override
    public @Nullable Stored get(Keyspace keyspace, byte[] key) {
        checkOpen();
        Pending pending = overlay.get(keyspace, key);
        if (pending != null) {
            return visible(pending);
        }
        recordRead(keyspace, key);
        return view.get(keyspace, key);
    }

    private @Nullable Stored visible(Pending pending) {
        return pending.mayBeDue() ? pending.at(instant()) : pending.entry();
    }

    private @Nullable Stored present(Keyspace keyspace, byte[] key) {
        Pending pending = overlay.get(keyspace, key);
        return pending == null ? view.get(keyspace, key) : visible(pending);
    }

    @Override
    public EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
        checkOpen();
        Range range = new Range(keyspace, from, to);
        EntryCursor entries = merged(range, reverse);
        if (!recordsReads()) {
            return entries;
        }
        RecordedScan scan = new RecordedScan(range, reverse);
        reads.scan(keyspace, scan);
        return new RecordingCursor(entries, keyspace, scan, reads);
    }

    private EntryCursor merged(Range range, boolean reverse) {
        EntryCursor stored = view.scan(range.keyspace(), range.from(), range.to(), reverse);
        List<Map.Entry<byte[], Pending>> pending = overlay.in(range, reverse);
        return pending.isEmpty() ? stored : new OverlayCursor(stored, pending, instant(), reverse);
    }

    @Override
    public long count(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        checkOpen();
        Range range = new Range(keyspace, from, to);
        if (recordsReads()) {
            reads.range(range);
        }
        List<Map.Entry<byte[], Pending>> pending = overlay.in(range, false);
        if (pending.size() > LOOKED_UP_MAX) {
            return keys(range).size();
        }
        long count = view.count(keyspace, from, to);
        for (Map.Entry<byte[], Pending> entry : pending) {
            count += visible(entry.getValue()) == null ? 0 : 1;
            count -= view.get(keyspace, entry.getKey()) == null ? 0 : 1;
        }
        return count;
    }

    private List<byte[]> keys(Range range) {
        List<byte[]> keys = new ArrayList<>();
        try (EntryCursor entries = merged(range, false)) {
            while (entries.advance()) {
                keys.add(entries.key());
            }
        }
        return keys;
    }

    @Override
    public long put(Keyspace keyspace, byte[] key, byte[] value, long deadline) {
        checkWrite(keyspace, key);
        Capabilities.Limits limits = backend.capabilities().limits();
        requireWithin("A value", value.length, limits.valueBytes());
        requireWithin("A transaction", overlay.bytes() + key.length + value.length, limits.transactionBytes());
        long version = backend.newVersion();
        set(keyspace, key.clone(), Pending.put(value.clone(), version, deadline));
        return version;
    }

    @Override
    public boolean touch(Keyspace keyspace, byte[] key, long deadline) {
        checkWrite(keyspace, key);
        // What keeps its value must not be changed by anybody else, whatever the isolation.
        reads.key(keyspace, key);
        Stored present = present(keyspace, key);
        if (present == null) {
            return false;
        }
        set(keyspace, key.clone(), Pending.touched(present, deadline, overlay.get(keyspace, key)));
        return true;
    }

    @Override
    public boolean delete(Keyspace keyspace, byte[] key) {
        checkWrite(keyspace, key);
        // Whether there was something is an answer, and so a read.
        if (overlay.get(keyspace, key) == null) {
            recordRead(keyspace, key);
        }
        boolean present = present(keyspace, key) != null;
        if (present) {
            set(keyspace, key.clone(), Pending.DELETED);
        }
        return present;
    }

    @Override
    public void discard(Keyspace keyspace, byte[] key) {
        checkWrite(keyspace, key);
        set(keyspace, key.clone(), Pending.DELETED);
    }

    @Override
    public long deleteRange(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        checkOpen();
        Range range = new Range(keyspace, from, to);
        reads.range(range);
        List<byte[]> keys = keys(range);
        keys.forEach(key -> set(keyspace, key, Pending.DELETED));
        return keys.size();
    }

    @Override
    public void guard(Keyspace keyspace, byte[] key) {
        checkOpen();
        reads.key(keyspace, key);
    }

    @Override
    public void guardRange(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        checkOpen();
        reads.range(new Range(keyspace, from, to));
    }

    @Override
    public void require(Condition condition) {
        checkOpen();
        conditions.add(condition);
    }

    @Override
    public Mark mark() {
        checkOpen();
        OverlayMark mark = new OverlayMark(overlay.mark());
        marks.push(mark);
        return mark;
    }

    @Override
    public void rollbackTo(Mark mark) {
        checkOpen();
        if (!(mark instanceof OverlayMark ours) || !marks.contains(ours)) {
            throw new IllegalArgumentException(
                    "This savepoint is of another transaction, or a rollback to an earlier one has ended it.");
        }
        while (marks.peek() != ours) {
            marks.pop();
        }
        overlay.rollbackTo(ours.position);
    }

    @Override
    public long commit() {
        checkOpen();
        if (isScratch) {
            throw new IllegalStateException("A scratch branch cannot be committed.");
        }
        ended = true;
        if (overlay.isEmpty()) {
            committed = view.revision();
            return committed;
        }
        Unchanged unchanged = reads.isEmpty() ? null : new Unchanged(view.revision(), view.instant(), reads.ranges());
        view.close();
        long revision = backend.commit(new Commit(conditions, unchanged, overlay.operations(), durability));
        if (revision == Commit.REFUSED) {
            throw new KvException.Conflict(
                    backend.description()
                            + ": a definition that this transaction relies on was changed; nothing was written. Run the transaction again.");
        }
        committed = revision;
        return revision;
    }

    @Override
    public void close() {
        ended = true;
        if (!isScratch) {
            view.close();
        }
    }

    private void set(Keyspace keyspace, byte[] key, Pending pending) {
        overlay.set(keyspace, key, pending);
        int most = backend.capabilities().limits().transactionKeys();
        if (overlay.size() > most && !isScratch) {
            throw new KvException.LimitExceeded("A transaction on " + backend.description() + " writes at most " + most
                    + " keys, those of indexes too; nothing was written. Write it in several transactions.");
        }
    }

    private boolean recordsReads() {
        return isSerializable && !isScratch;
    }

    private void recordRead(Keyspace keyspace, byte[] key) {
        if (recordsReads()) {
            reads.key(keyspace, key);
        }
    }

    private void checkWrite(Keyspace keyspace, byte[] key) {
        checkOpen();
        requireWithin("A key", key.length, backend.capabilities().limits().keyBytes());
        if (!isSerializable) {
            reads.key(keyspace, key); // first committer wins
        }
    }

    private void requireWithin(String what, long length, long limit) {
        if (length > limit) {
            throw new KvException.LimitExceeded(what + " of " + length + " bytes is over the limit of " + limit
                    + " bytes of " + backend.description() + "; nothing was written. Split it or make it shorter.");
        }
    }

    private void checkOpen() {
        if (ended) {
            throw new IllegalStateException("This transaction has ended. Begin another one.");
        }
    }

    /** How many undoable writes there were; known by its identity. */
    private static final class OverlayMark implements Mark {
        private final int position;

        OverlayMark(int position) {
            this.position = position;
        }
    }
}
