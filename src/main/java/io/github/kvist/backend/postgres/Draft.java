// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Unchanged;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A commit as it is sent: keyspaces by number, one operation at most for each key, in order. Its arrays are the caller's. */
final class Draft {

    /** What a transaction does to a key in the end. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Write(Place place, int kind, byte[] value, long version, long deadline) {}

    /** What a key must be. */
    record Check(Place place, long version) {}

    /** What nobody may have changed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Span(int keyspace, byte[] from, byte @Nullable [] to) {}

    static final int DELETE = 0;
    static final int PUT = 1;
    static final int TOUCH = 2;

    private static final byte[] NO_VALUE = {};

    final List<Write> writes;
    final List<Check> checks;
    final List<Span> spans;
    final long since;
    final long instant;

    Draft(Commit commit, ToIntFunction<Keyspace> ids, LongSupplier versions) {
        writes = writes(commit.operations(), ids, versions);
        checks = new ArrayList<>(commit.conditions().size());
        for (Condition condition : commit.conditions()) {
            checks.add(
                    new Check(new Place(ids.applyAsInt(condition.keyspace()), condition.key()), condition.version()));
        }
        Unchanged unchanged = commit.unchanged();
        spans = new ArrayList<>();
        if (unchanged != null) {
            for (Range range : unchanged.ranges()) {
                spans.add(new Span(ids.applyAsInt(range.keyspace()), range.from(), range.to()));
            }
        }
        since = unchanged == null ? 0 : unchanged.since();
        instant = unchanged == null ? 0 : unchanged.instant();
    }

    /** As they are if each is of a key of its own and they are in order, as those of most transactions. */
    private static List<Write> writes(
            List<? extends Operation> operations, ToIntFunction<Keyspace> ids, LongSupplier versions) {
        List<Write> writes = new ArrayList<>(operations.size());
        @Nullable Place last = null;
        for (Operation operation : operations) {
            Write next = write(operation, null, ids, versions);
            if (last != null && last.compareTo(next.place) >= 0) {
                return netWrites(operations, ids, versions);
            }
            writes.add(next);
            last = next.place;
        }
        return writes;
    }

    private static List<Write> netWrites(
            List<? extends Operation> operations, ToIntFunction<Keyspace> ids, LongSupplier versions) {
        NavigableMap<Place, Write> net = new TreeMap<>();
        for (Operation operation : operations) {
            Place place = new Place(ids.applyAsInt(operation.keyspace()), operation.key());
            net.put(place, write(operation, net.get(place), ids, versions));
        }
        return List.copyOf(net.values());
    }

    private static Write write(
            Operation operation, @Nullable Write earlier, ToIntFunction<Keyspace> ids, LongSupplier versions) {
        Place place = new Place(ids.applyAsInt(operation.keyspace()), operation.key());
        if (operation instanceof Operation.Put put) {
            long version = put.version() == Operation.Put.ANY ? versions.getAsLong() : put.version();
            return new Write(place, PUT, put.value(), version, put.deadline());
        }
        if (operation instanceof Operation.Touch touch) {
            if (earlier != null && earlier.kind == DELETE) {
                return earlier;
            }
            return earlier != null && earlier.kind == PUT
                    ? new Write(place, PUT, earlier.value, earlier.version, touch.deadline())
                    : new Write(place, TOUCH, NO_VALUE, 0, touch.deadline());
        }
        return new Write(place, DELETE, NO_VALUE, 0, Stored.NEVER);
    }

    /** The earliest deadline that it sets. */
    long earliestDeadline() {
        long earliest = Stored.NEVER;
        for (Write write : writes) {
            earliest = Math.min(earliest, write.deadline);
        }
        return earliest;
    }
}
