// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Retention;
import io.github.kvist.tree.RadixTree;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The roots of the last commits: a ring in which a root stands at its revision. What a commit changed is the difference
 * between two neighbours.
 *
 * <p>Commits append under their lock, in O(1). Anybody reads, without a lock: a slot that holds another revision than the one
 * asked for was trimmed or never filled.
 */
final class Revisions {

    /** What a path to a changed key takes, copied: a page and the nodes above it. */
    private static final int PATH_BYTES = 1_200;

    private static final int FIRST_CAPACITY = 8;

    /** What the dispatcher of watches may be behind, beyond what is kept anyway. */
    private static final long LAG_BYTES = 64L << 20;

    private static final long LAG_REVISIONS = 1 << 16;

    /** Numbers on two lines of a cache. */
    private static final int LINE = 16;

    private static final int FIRST = LINE;
    private static final int LAST = LINE + 1;
    private static final int BYTES = LINE + 2;

    private final Retention retention;
    private final long ageMillis;

    private volatile AtomicReferenceArray<@Nullable Root> roots = new AtomicReferenceArray<>(FIRST_CAPACITY);
    /** What every commit writes, far from what the dispatcher reads for every commit: else each would wait for the other. */
    private final AtomicLongArray written = new AtomicLongArray(3 * LINE);

    /** Everything behind it is still to be told to watches. */
    private volatile long dispatched = Long.MAX_VALUE;

    // Touched under the commit lock only: what keeping the root before each root takes, by its slot.
    private long[] costs = new long[FIRST_CAPACITY];

    Revisions(Retention retention, Root newest) {
        this.retention = retention;
        this.ageMillis = millis(retention);
        startWith(newest);
    }

    /** The age, as a number of milliseconds that may stand for ever. */
    static long millis(Retention retention) {
        try {
            return retention.age().toMillis();
        } catch (ArithmeticException forEver) {
            return Long.MAX_VALUE;
        }
    }

    private void startWith(Root newest) {
        written.setRelease(FIRST, newest.revision);
        written.setRelease(LAST, newest.revision);
        roots.setRelease(slot(newest.revision), newest);
    }

    /** Forgets everything and begins again with a root that did not come about by a commit. Called under the commit lock. */
    void restart(Root newest) {
        // In place: what the root holds is durable already, and there must be nothing left that can fail.
        AtomicReferenceArray<@Nullable Root> present = roots;
        for (int slot = 0; slot < present.length(); slot++) {
            present.setRelease(slot, null);
        }
        written.setRelease(BYTES, 0);
        startWith(newest);
    }

    /** Estimates what keeping {@code before} takes when a commit of so many operations and bytes has replaced it. */
    static long cost(Root before, Root after, long operations, long bytes) {
        long whole = 0;
        long gone = 0;
        for (int i = 0; i < before.trees(); i++) {
            RadixTree old = before.tree(i);
            if (old != after.tree(i)) {
                whole += old.bytes();
                gone += Math.max(0, old.bytes() - after.tree(i).bytes());
            }
        }
        return Math.min(2 * whole, operations * PATH_BYTES + bytes + gone);
    }

    /** As {@link #cost(Root, Root, long, long)}, of a single operation. */
    static long cost(long bytes) {
        return PATH_BYTES + bytes;
    }

    /**
     * Adds the next root and lets go of those that need not be kept. Called under the commit lock.
     *
     * @param cost of keeping the root before it
     * @param visible the newest visible revision: what comes behind it is still to be told
     */
    void append(Root root, long cost, long visible) {
        if (root.revision - first() >= roots.length()) {
            grow();
        }
        int slot = slot(root.revision);
        costs[slot] = cost;
        written.setRelease(LAST, root.revision);
        roots.setRelease(slot, root);
        trim(bytes() + cost, root.millis, visible);
    }

    private void trim(long present, long now, long visible) {
        long kept = present;
        while (first() < last() && !keeps(first() + 1, kept, now, visible)) {
            kept -= costs[slot(first() + 1)];
            drop(first());
        }
        written.setRelease(BYTES, kept);
    }

    private boolean keeps(long revision, long present, long now, long visible) {
        if (revision > visible) {
            return true;
        }
        if (present <= retention.bytes() && isWithin(revision, now)) {
            return true;
        }
        return revision > dispatched && present <= LAG_BYTES && last() - revision < LAG_REVISIONS;
    }

    private boolean isWithin(long revision, long now) {
        if (last() - revision < retention.revisions()) {
            return true;
        }
        Root root = at(revision);
        return root != null && isYoung(root, now);
    }

    private boolean isYoung(Root root, long now) {
        return ageMillis > 0 && now - root.millis < ageMillis;
    }

    private void drop(long revision) {
        // First the bound, then the root: who finds the slot empty finds the bound above it.
        written.setRelease(FIRST, revision + 1);
        roots.setRelease(slot(revision), null);
    }

    private void grow() {
        AtomicReferenceArray<@Nullable Root> wider = new AtomicReferenceArray<>(2 * roots.length());
        long[] widerCosts = new long[wider.length()];
        for (long revision = first(); revision <= last(); revision++) {
            int slot = (int) revision & (wider.length() - 1);
            wider.setPlain(slot, roots.getPlain(slot(revision)));
            widerCosts[slot] = costs[slot(revision)];
        }
        costs = widerCosts;
        roots = wider;
    }

    /** Forgets what a failed log took back: everything behind {@code revision}. Called under the commit lock. */
    void forgetAfter(long revision) {
        long kept = bytes();
        for (long gone = last(); gone > revision; gone--) {
            roots.setRelease(slot(gone), null);
            kept -= costs[slot(gone)];
        }
        written.setRelease(LAST, Math.min(last(), revision));
        written.setRelease(BYTES, kept);
    }

    /** The root of a revision; {@code null} if it is not kept, or not there yet. It may not be visible yet. */
    @Nullable
    Root at(long revision) {
        AtomicReferenceArray<@Nullable Root> present = roots;
        Root root = present.getAcquire((int) revision & (present.length() - 1));
        return root != null && root.revision == revision ? root : null;
    }

    /** The last root that was applied; before anybody commits. */
    Root newest() {
        return Objects.requireNonNull(at(last()), "the newest root is always kept");
    }

    /** The oldest root that is kept. */
    Root oldest() {
        while (true) {
            Root root = at(first());
            if (root != null) {
                return root;
            }
            Thread.onSpinWait(); // trimmed since
        }
    }

    /**
     * The oldest revision that can be asked for: of those that are only kept because the next commit differs from them, none
     * that is too old itself.
     */
    long oldestReadable(Root visible, long now) {
        for (Root root = oldest(); root.revision < visible.revision; ) {
            if (visible.revision - root.revision <= retention.revisions() || isYoung(root, now)) {
                return root.revision;
            }
            Root next = at(root.revision + 1);
            root = next == null ? oldest() : next;
        }
        return visible.revision;
    }

    /** Watches have been told everything up to {@code revision}; {@link Long#MAX_VALUE} if there are none. */
    void dispatched(long revision) {
        dispatched = revision;
    }

    /** Whether there are watches that are told of every commit. */
    boolean areFollowed() {
        return dispatched != Long.MAX_VALUE;
    }

    /** An estimate of the memory that is kept for all but the newest root. */
    long bytes() {
        return written.getAcquire(BYTES);
    }

    private long first() {
        return written.getAcquire(FIRST);
    }

    private long last() {
        return written.getAcquire(LAST);
    }

    private int slot(long revision) {
        return (int) revision & (roots.length() - 1);
    }
}
