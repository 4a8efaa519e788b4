// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Stored;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEntry;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The keys at which two views differ, each judged by its own instant, found page by page while they are asked for. Confined to one thread.
 *
 * <p>Costs O(changes), as {@link RadixTree#diff} does, and a descent of both trees for each page.
 */
final class RootDiff implements Iterator<KeyChange> {

    private static final int FIRST_PAGE = 16;
    private static final int LAST_PAGE = 1024;
    private static final byte[] START = {};

    private final Keyspaces keyspaces;
    private final String prefix;
    private final Root before;
    private final Root after;
    private final long beforeInstant;
    private final long afterInstant;

    /** Of the keyspace at hand, in key order. */
    private final Queue<byte[]> due = new ArrayDeque<>();

    private final Queue<KeyChange> page = new ArrayDeque<>();
    private int pageSize = FIRST_PAGE;
    private int keyspace = -1;
    // Where the next page begins; null when the keyspace is done.
    private byte @Nullable [] from;

    RootDiff(Keyspaces keyspaces, String prefix, EngineView before, EngineView after) {
        this.keyspaces = keyspaces;
        this.prefix = prefix;
        this.before = before.root();
        this.after = after.root();
        this.beforeInstant = before.instant();
        this.afterInstant = after.instant();
    }

    @Override
    public boolean hasNext() {
        while (page.isEmpty()) {
            byte[] start = from;
            if (start != null) {
                fill(start);
            } else if (!nextKeyspace()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public KeyChange next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The difference has no more keys.");
        }
        return page.remove();
    }

    private boolean nextKeyspace() {
        int all = Math.max(before.trees(), after.trees());
        for (keyspace++; keyspace < all; keyspace++) {
            if (keyspace != Keyspaces.CATALOGUE
                    && !isEmpty()
                    && keyspaces.numbered(keyspace).name().startsWith(prefix)) {
                findDue();
                if (before.tree(keyspace) != after.tree(keyspace) || !due.isEmpty()) {
                    from = START;
                    return true;
                }
            }
        }
        return false;
    }

    /** What never held anything may be a number that nobody has the name of any more. */
    private boolean isEmpty() {
        return before.tree(keyspace).count() == 0 && after.tree(keyspace).count() == 0;
    }

    /**
     * Entries that are the same in both trees, and due in one of the views only. There are few: a sweep comes every moment, and
     * takes what is due from the tree of the later view.
     */
    private void findDue() {
        RadixTree one = before.tree(keyspace);
        RadixTree other = after.tree(keyspace);
        long last = Math.max(beforeInstant, afterInstant);
        if (beforeInstant == afterInstant || one.deadline() > last || other.deadline() > last) {
            return;
        }
        long first = Math.min(beforeInstant, afterInstant);
        other.due(last, key -> {
            TreeEntry entry = Objects.requireNonNull(other.get(key));
            if (entry.deadline() > first && RadixTree.same(one, other, key, Span.after(key))) {
                due.add(key);
            }
        });
    }

    private void fill(byte[] start) {
        from = null;
        RadixTree.diff(before.tree(keyspace), after.tree(keyspace), start, null, (key, old, fresh) -> {
            addDueBelow(key);
            add(key, old, fresh);
            if (page.size() < pageSize) {
                return true;
            }
            from = Span.after(key);
            return false;
        });
        if (from == null) {
            addDueBelow(null);
        }
        pageSize = Math.min(2 * pageSize, LAST_PAGE);
    }

    private void addDueBelow(byte @Nullable [] limit) {
        for (byte[] key = due.peek();
                key != null && (limit == null || Arrays.compareUnsigned(key, limit) < 0);
                key = due.peek()) {
            due.remove();
            add(key, before.tree(keyspace).get(key), after.tree(keyspace).get(key));
        }
    }

    private void add(byte[] key, @Nullable TreeEntry old, @Nullable TreeEntry fresh) {
        Stored was = EngineView.stored(old, beforeInstant);
        Stored is = EngineView.stored(fresh, afterInstant);
        if (was != null || is != null) {
            // A view in which nothing has a deadline has no instant; its root has that of the sweep.
            long latest = Math.max(afterInstant, after.millis);
            boolean expired =
                    is == null && (fresh != null || Objects.requireNonNull(was).deadline() <= latest);
            page.add(new KeyChange(keyspaces.numbered(keyspace), key, was, is, expired));
        }
    }
}
