// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Removes what is due, a thousand entries in one commit. Any number of processes may do so at once: the script looks at each entry again.
 */
final class Sweep {

    private static final int ENTRIES_MAX = 1000;

    private final RedisBackend backend;
    private final Kept kept;
    private final Tally tally;
    /** A lower bound of the deadlines that this process knows of. */
    private final AtomicLong earliest;

    Sweep(RedisBackend backend, Kept kept, Tally tally, long earliestDeadline) {
        this.backend = backend;
        this.kept = kept;
        this.tally = tally;
        this.earliest = new AtomicLong(earliestDeadline);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Member(RedisKeyspace keyspace, byte[] key) {}

    long earliestDeadline() {
        return earliest.get();
    }

    void committed(Commit commit) {
        for (Operation operation : commit.operations()) {
            if (operation instanceof Operation.Put put && put.deadline() != Stored.NEVER) {
                earliest.accumulateAndGet(put.deadline(), Math::min);
            } else if (operation instanceof Operation.Touch touch && touch.deadline() != Stored.NEVER) {
                earliest.accumulateAndGet(touch.deadline(), Math::min);
            }
        }
    }

    long run(Predicate<String> counted) {
        long removed = 0;
        while (true) {
            long known = earliest.get();
            List<?> answer = backend.calls()
                    .list(new Request(Script.DUE, backend.layout().meta, backend.layout().deadlines)
                            .with(backend.time().argument())
                            .with(ENTRIES_MAX));
            backend.time().tell(Sortable.read((byte[]) answer.get(0), 0));
            List<?> due = (List<?>) answer.get(2);
            if (due.isEmpty()) {
                // Unless a commit came between, which may have brought an earlier one.
                earliest.compareAndSet(known, Opening.deadline(answer.get(1)));
                return removed;
            }
            removed +=
                    remove(due.stream().map(member -> member((byte[]) member)).toList(), counted);
        }
    }

    private Member member(byte[] member) {
        ByteBuffer rest = ByteBuffer.wrap(member);
        int length = Short.toUnsignedInt(rest.getShort());
        byte[] key = new byte[member.length - Short.BYTES - length];
        rest.position(Short.BYTES + length).get(key);
        return new Member(backend.layout().keyspace(KeyspaceName.of(member, Short.BYTES, length)), key);
    }

    private long remove(List<Member> due, Predicate<String> counted) {
        Layout layout = backend.layout();
        Request request =
                new Request(Script.SWEEP, layout.meta, layout.stream, layout.marks, layout.names, layout.deadlines);
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (Member member : due) {
            if (numbers.putIfAbsent(member.keyspace.name(), numbers.size() + 1) == null) {
                request.key(member.keyspace.entries()).key(member.keyspace.order());
            }
        }
        request.with(backend.time().argument())
                .with(Sortable.of(backend.newVersion()))
                .with(kept.argument());
        for (Member member : due) {
            request.with(numbers.getOrDefault(member.keyspace.name(), 0)).with(member.key);
        }
        List<?> answer = backend.calls().list(request);
        backend.told((Long) answer.get(0), Sortable.read((byte[]) answer.get(1), 0));
        List<?> removed = (List<?>) answer.get(2);
        List<Member> gone = new ArrayList<>();
        for (int i = 0; i < due.size(); i++) {
            if ((Long) removed.get(i) == 1) {
                gone.add(due.get(i));
            }
        }
        long expired = gone.stream()
                .filter(member -> counted.test(member.keyspace.name()))
                .count();
        tally.sweeps.add(gone.isEmpty() ? 0 : 1);
        tally.expired.add(expired);
        return expired;
    }
}
