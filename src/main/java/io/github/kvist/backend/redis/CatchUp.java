// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Reads commits of the past from the stream, a few at a time. Confined to one thread at a time, but for the position. */
final class CatchUp {

    private static final int COMMITS_MAX = 64;

    private final RedisBackend backend;
    private final Queue<CommitEntry> fetched = new ArrayDeque<>();
    private volatile long position;
    private boolean hasGap;

    CatchUp(RedisBackend backend, long after) {
        this.backend = backend;
        this.position = after;
    }

    /** All commits up to it have been given out. */
    long position() {
        return position;
    }

    /** The next commit; {@code null} if there is none yet. If commits before it are no longer kept, it comes once more. */
    @Nullable
    CommitEntry next() {
        if (fetched.isEmpty()) {
            fetch();
        }
        CommitEntry next = fetched.peek();
        if (next == null) {
            return null;
        }
        hasGap = next.revision() != position + 1;
        position = hasGap ? next.revision() - 1 : next.revision();
        if (!hasGap) {
            fetched.remove();
        }
        return next;
    }

    /** Whether commits before the one that {@link #next} gave are missing. */
    boolean hasGap() {
        return hasGap;
    }

    private void fetch() {
        for (Object entry : (List<?>) backend.calls()
                .answer(new Request(Script.CHANGES, backend.layout().meta, backend.layout().stream)
                        .with(position + 1)
                        .with(COMMITS_MAX))) {
            fetched.add(CommitEntry.of((List<?>) entry));
        }
    }
}
