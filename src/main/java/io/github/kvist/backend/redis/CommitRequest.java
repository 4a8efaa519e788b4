// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Unchanged;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** A transaction as its script takes it. */
final class CommitRequest {

    private static final byte[] NOTHING = {};
    private static final byte[] PUT = {'P'};
    private static final byte[] TOUCH = {'T'};
    private static final byte[] DELETE = {'D'};

    private final Layout layout;
    private final Commit commit;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final Request request;

    private CommitRequest(Layout layout, Commit commit, Script script) {
        this.layout = layout;
        this.commit = commit;
        request = new Request(
                script, layout.meta, layout.stream, layout.marks, layout.names, layout.deadlines, layout.fences);
    }

    /**
     * The request for a commit.
     *
     * @param sentBehind empty if it is sent for the first time
     * @param versions draws stamps for those operations that have none
     */
    static Request of(
            Layout layout,
            Commit commit,
            byte[] clock,
            long stamp,
            String sentBehind,
            Kept kept,
            LongSupplier versions) {
        boolean isPut = commit.unchanged() == null
                && commit.operations().size() == 1
                && commit.operations().get(0) instanceof Operation.Put;
        CommitRequest whole =
                new CommitRequest(layout, commit, isPut && sentBehind.isEmpty() ? Script.PUT : Script.COMMIT);
        whole.keys();
        whole.request.with(clock).with(Sortable.of(stamp)).with(sentBehind).with(kept.argument());
        whole.unchanged();
        whole.conditions();
        whole.operations(versions);
        return whole.request;
    }

    private void keys() {
        Unchanged unchanged = commit.unchanged();
        if (unchanged != null) {
            unchanged.ranges().forEach(range -> key(range.keyspace()));
        }
        commit.conditions().forEach(condition -> key(condition.keyspace()));
        commit.operations().forEach(operation -> key(operation.keyspace()));
    }

    private void key(Keyspace keyspace) {
        RedisKeyspace ours = layout.ours(keyspace);
        if (numbers.putIfAbsent(ours.name(), numbers.size() + 1) == null) {
            request.key(ours.entries()).key(ours.order());
        }
    }

    private void space(Keyspace keyspace) {
        request.with(numbers.getOrDefault(keyspace.name(), 0));
    }

    private void unchanged() {
        Unchanged unchanged = commit.unchanged();
        if (unchanged == null) {
            request.with(NOTHING);
            return;
        }
        request.with(unchanged.since())
                .with(Sortable.of(unchanged.instant()))
                .with(unchanged.ranges().size());
        for (Range range : unchanged.ranges()) {
            space(range.keyspace());
            range(range);
        }
    }

    private void range(Range range) {
        byte[] from = range.from();
        byte[] to = range.to();
        if (to == null) {
            request.with("e").with(from).with(NOTHING);
            return;
        }
        boolean isPoint = to.length == from.length + 1
                && to[from.length] == 0
                && Arrays.equals(from, 0, from.length, to, 0, from.length);
        request.with(isPoint ? "p" : "r").with(from).with(to);
    }

    private void conditions() {
        List<Condition> conditions = commit.conditions();
        request.with(conditions.size());
        for (Condition condition : conditions) {
            space(condition.keyspace());
            request.with(condition.key())
                    .with(condition.version() == Condition.ABSENT ? NOTHING : Sortable.of(condition.version()));
        }
    }

    private void operations(LongSupplier versions) {
        for (Operation operation : commit.operations()) {
            request.with(
                    operation instanceof Operation.Put ? PUT : operation instanceof Operation.Touch ? TOUCH : DELETE);
            space(operation.keyspace());
            request.with(operation.key());
            if (operation instanceof Operation.Put put) {
                long version = put.version() == Operation.Put.ANY ? versions.getAsLong() : put.version();
                request.with(StoredEntry.of(version, put.deadline(), put.value()));
            } else if (operation instanceof Operation.Touch touch) {
                request.with(Sortable.of(touch.deadline()));
            }
        }
    }
}
