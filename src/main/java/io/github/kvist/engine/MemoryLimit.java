// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.api.Retention;
import io.github.kvist.tree.TreeEntry;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How much a store may hold. Refuses what makes the data larger while they, with what is kept for older commits, are over the
 * limit; what makes them smaller always passes.
 */
final class MemoryLimit {

    /** For what has no limit. */
    static final long NONE = Long.MAX_VALUE;

    /** Older commits take at most this share, unless more of them was asked for. */
    private static final int HISTORY_SHARE = 4;

    private final long maxBytes;
    private final Revisions revisions;
    /** Whether older commits are kept for as long as was asked, whatever they take. */
    private final boolean keepsHistory;

    private MemoryLimit(long maxBytes, Revisions revisions, boolean keepsHistory) {
        this.maxBytes = maxBytes;
        this.revisions = revisions;
        this.keepsHistory = keepsHistory;
    }

    static MemoryLimit of(Options options, Revisions revisions) {
        return new MemoryLimit(options.maxBytes(), revisions, isUnbounded(options.history()));
    }

    /** What is kept of older commits under the limit. */
    static Retention history(Options options) {
        Retention asked = options.history();
        if (isUnbounded(asked)) {
            return asked;
        }
        return new Retention(
                asked.revisions(), asked.age(), Math.min(asked.bytes(), options.maxBytes() / HISTORY_SHARE));
    }

    private static boolean isUnbounded(Retention history) {
        return history.bytes() == Long.MAX_VALUE;
    }

    OptionalLong maxBytes() {
        return maxBytes == NONE ? OptionalLong.empty() : OptionalLong.of(maxBytes);
    }

    /** Called for every commit before it is applied. */
    void check(Root before, Root after) {
        if (maxBytes != NONE) {
            check(Footprint.of(before), Footprint.of(after));
        }
    }

    private void check(long before, long after) {
        long history = revisions.bytes();
        boolean adds = keepsHistory ? after >= before : after > before;
        if (adds && after > maxBytes - history) {
            throw new KvException.LimitExceeded("The store would hold about " + after + " bytes, and " + history
                    + " for older commits, and may hold " + maxBytes
                    + " in all (Options.maxBytes); nothing was written."
                    + " Delete or expire entries, keep less history, or raise the limit; reads and deletes go on.");
        }
    }

    /** Looks after one branch: what it cannot commit as it stands is refused at the call. {@code null} without a limit. */
    @Nullable
    Branch branch(Draft draft) {
        return maxBytes == NONE ? null : new Branch(draft);
    }

    /** Knows a branch's room from its last look at the trees, so that it seldom has to look. */
    final class Branch {

        private final Draft draft;
        private long room;

        private Branch(Draft draft) {
            this.draft = draft;
        }

        /** Called before an entry is put. */
        void beforePut(int keyspace, byte[] key, int valueLength) {
            long more = key.length + (long) valueLength + Footprint.PUT_BYTES_MAX;
            if (more > room) {
                look(keyspace, key, more);
            }
            room -= more;
        }

        private void look(int keyspace, byte[] key, long more) {
            long present = 0;
            for (int i = 0; i < Math.max(draft.size(), draft.base().trees()); i++) {
                present += Footprint.of(draft.tree(i));
            }
            TreeEntry replaced = draft.tree(keyspace).get(key);
            long gone = replaced == null ? 0 : key.length + (long) replaced.length() + Footprint.PUT_BYTES_MAX;
            check(Footprint.of(draft.base()), present + more - gone);
            room = Math.max(more, maxBytes - revisions.bytes() - present);
        }
    }
}
