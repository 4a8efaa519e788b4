// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Changes copies, remembers the changes, and makes them again on the newest state when what it depends on is unchanged. */
final class ReferenceBranch implements Branch {

    /** Has the odd bytes 0, 7, 0 around each value, so that nobody relies on a value filling its array. */
    private static final int PADDING = 3;

    private final ReferenceBackend backend;
    private final boolean isScratch;
    private final ReferenceState base;
    private final boolean isSerializable;
    private final long instant;
    private final List<Range> depends = new ArrayList<>();
    private final List<UnaryOperator<ReferenceState>> changes = new ArrayList<>();
    private final List<Undoable> marks = new ArrayList<>();
    private ReferenceState state;
    private long revision;
    private boolean ended;
    private boolean closed;

    /** A branch that can be committed. */
    ReferenceBranch(ReferenceBackend backend, ReferenceState base, boolean isSerializable, long instant) {
        this(backend, base, isSerializable, false, instant);
    }

    /** A branch that can only be written and read. */
    ReferenceBranch(ReferenceBackend backend, ReferenceState base, long instant) {
        this(backend, base, false, true, instant);
    }

    private ReferenceBranch(
            ReferenceBackend backend, ReferenceState base, boolean isSerializable, boolean isScratch, long instant) {
        this.instant = instant;
        this.backend = backend;
        this.isScratch = isScratch;
        backend.viewCounter().incrementAndGet();
        this.base = base;
        this.state = base;
        this.revision = base.revision();
        this.isSerializable = isSerializable;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Range(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        boolean isSame(ReferenceState a, ReferenceState b, long instant) {
            NavigableMap<byte[], Stored> left = a.range(keyspace.name(), from, to, instant);
            NavigableMap<byte[], Stored> right = b.range(keyspace.name(), from, to, instant);
            if (left.size() != right.size()) {
                return false;
            }
            return left.entrySet().stream().allMatch(entry -> {
                Stored other = right.get(entry.getKey());
                Stored stored = entry.getValue();
                return other != null && other.version() == stored.version() && other.deadline() == stored.deadline();
            });
        }
    }

    private record Undoable(ReferenceBranch owner, ReferenceState state, int changes) implements Mark {}

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public @Nullable Stored get(Keyspace keyspace, byte[] key) {
        requireOpen();
        read(keyspace, key, Arrays.copyOf(key, key.length + 1));
        return state.get(keyspace, key, instant);
    }

    @Override
    public EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
        requireOpen();
        read(keyspace, from, to);
        return new ReferenceCursor(state.range(keyspace.name(), from, to, instant), reverse);
    }

    @Override
    public long count(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        requireOpen();
        read(keyspace, from, to);
        return state.range(keyspace.name(), from, to, instant).size();
    }

    private void read(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        if (isSerializable) {
            depends.add(new Range(keyspace, from.clone(), to == null ? null : to.clone()));
        }
    }

    @Override
    public long put(Keyspace keyspace, byte[] key, byte[] value, long deadline) {
        requireOpen();
        validateWrite(keyspace, key);
        byte[] ownKey = key.clone();
        byte[] padded = new byte[value.length + PADDING];
        padded[1] = 7;
        System.arraycopy(value, 0, padded, 2, value.length);
        long stamp = backend.newVersion();
        Stored stored = new Stored(padded, 2, value.length, stamp, deadline);
        change(keyspace, space -> space.put(ownKey, stored));
        return stored.version();
    }

    @Override
    public long instant() {
        return instant;
    }

    @Override
    public boolean touch(Keyspace keyspace, byte[] key, long deadline) {
        requireOpen();
        guard(keyspace, key);
        Stored old = state.get(keyspace, key, instant);
        if (old == null) {
            return false;
        }
        byte[] ownKey = key.clone();
        Stored touched = new Stored(old.array(), old.offset(), old.length(), old.version(), deadline);
        change(keyspace, space -> space.put(ownKey, touched));
        return true;
    }

    @Override
    public boolean delete(Keyspace keyspace, byte[] key) {
        requireOpen();
        boolean present = get(keyspace, key) != null;
        validateWrite(keyspace, key);
        byte[] ownKey = key.clone();
        change(keyspace, space -> space.remove(ownKey));
        return present;
    }

    @Override
    public long deleteRange(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        requireOpen();
        guardRange(keyspace, from, to);
        List<byte[]> keys =
                List.copyOf(state.range(keyspace.name(), from, to, instant).keySet());
        change(keyspace, space -> keys.forEach(space::remove));
        return keys.size();
    }

    /** Under snapshot isolation the first committer of a key wins; a serializable blind write depends on nothing. */
    private void validateWrite(Keyspace keyspace, byte[] key) {
        if (!isSerializable) {
            guard(keyspace, key);
        }
    }

    private void change(Keyspace keyspace, Consumer<NavigableMap<byte[], Stored>> edit) {
        UnaryOperator<ReferenceState> change = before -> {
            NavigableMap<byte[], Stored> copy = ReferenceState.emptyMap();
            copy.putAll(before.space(keyspace.name()));
            edit.accept(copy);
            return before.with(before.revision(), keyspace.name(), copy);
        };
        changes.add(change);
        state = change.apply(state);
    }

    @Override
    public void guard(Keyspace keyspace, byte[] key) {
        guardRange(keyspace, key, Arrays.copyOf(key, key.length + 1));
    }

    @Override
    public void guardRange(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        requireOpen();
        depends.add(new Range(keyspace, from.clone(), to == null ? null : to.clone()));
    }

    @Override
    public void require(Condition condition) {
        guard(condition.keyspace(), condition.key());
        if (!condition.holds(state.get(condition.keyspace(), condition.key(), instant))) {
            throw new KvException.Conflict("A condition does not hold. Run it again.");
        }
    }

    @Override
    public Mark mark() {
        requireOpen();
        Undoable mark = new Undoable(this, state, changes.size());
        marks.add(mark);
        return mark;
    }

    @Override
    public void rollbackTo(Mark mark) {
        requireOpen();
        int index = -1;
        for (int i = 0; i < marks.size(); i++) {
            if (marks.get(i) == mark) {
                index = i;
            }
        }
        if (index < 0) {
            throw new IllegalArgumentException("The mark is of another branch, or was undone.");
        }
        Undoable present = marks.get(index);
        marks.subList(index + 1, marks.size()).clear();
        changes.subList(present.changes, changes.size()).clear();
        state = present.state;
    }

    @Override
    public long commit() {
        requireOpen();
        ended = true;
        if (isScratch) {
            throw new IllegalStateException("A scratch branch cannot be committed.");
        }
        if (changes.isEmpty()) {
            return revision;
        }
        revision = backend.replaceHead(this::onto).revision();
        return revision;
    }

    private ReferenceState onto(ReferenceState head) {
        if (head == base) {
            return state.at(head.revision() + 1);
        }
        for (Range range : depends) {
            if (!range.isSame(base, head, instant)) {
                throw new KvException.Conflict("Something changed in " + range.keyspace.name() + ". Run it again.");
            }
        }
        ReferenceState next = head;
        for (UnaryOperator<ReferenceState> change : changes) {
            next = change.apply(next);
        }
        return next.at(head.revision() + 1);
    }

    private void requireOpen() {
        if (ended) {
            throw new IllegalStateException("The branch has ended.");
        }
    }

    @Override
    public void close() {
        ended = true;
        if (!closed) {
            closed = true;
            backend.viewCounter().decrementAndGet();
        }
    }
}
