// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Picks commits that can be sent in one call: none looks at or writes what one before it writes, so that all may be checked
 * first and written then. Those that have to wait keep their order.
 */
final class IndependentCommits {

    private static final int COMMITS_MAX = 256;
    private static final long BYTES_MAX = 8L << 20;

    private final NavigableSet<Place> written = new TreeSet<>();
    private final List<WaitingCommit> picked = new ArrayList<>();
    private long bytes;

    private IndependentCommits() {}

    /** Takes them out of {@code waiting}; at least the first. */
    static List<WaitingCommit> takenFrom(Iterable<WaitingCommit> waiting) {
        IndependentCommits commits = new IndependentCommits();
        Iterator<WaitingCommit> each = waiting.iterator();
        while (each.hasNext() && commits.picked.size() < COMMITS_MAX && commits.bytes < BYTES_MAX) {
            WaitingCommit next = each.next();
            if (commits.takes(next, each.hasNext())) {
                each.remove();
            }
        }
        return commits.picked;
    }

    private boolean takes(WaitingCommit commit, boolean othersFollow) {
        boolean isFirst = picked.isEmpty();
        if (!isFirst && (bytes + commit.bytes > BYTES_MAX || isConcerned(commit.draft))) {
            return false;
        }
        picked.add(commit);
        bytes += commit.bytes;
        if (othersFollow) {
            commit.draft.writes.forEach(write -> written.add(write.place()));
        }
        return true;
    }

    private boolean isConcerned(Draft draft) {
        return draft.writes.stream().anyMatch(write -> written.contains(write.place()))
                || draft.checks.stream().anyMatch(check -> written.contains(check.place()))
                || draft.spans.stream().anyMatch(this::isWrittenIn);
    }

    private boolean isWrittenIn(Draft.Span span) {
        Place first = written.ceiling(new Place(span.keyspace(), span.from()));
        return first != null
                && first.keyspace() == span.keyspace()
                && (span.to() == null || first.compareTo(new Place(span.keyspace(), span.to())) < 0);
    }
}
