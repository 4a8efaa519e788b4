// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Stored;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEntry;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The keys at which two roots differ, found page by page while they are asked for. Confined to one thread.
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
    private final Queue<KeyChange> page = new ArrayDeque<>();
    private int pageSize = FIRST_PAGE;
    private int keyspace = -1;
    // Where the next page begins; null when the keyspace is done.
    private byte @Nullable [] from;

    RootDiff(Keyspaces keyspaces, String prefix, Root before, Root after) {
        this.keyspaces = keyspaces;
        this.prefix = prefix;
        this.before = before;
        this.after = after;
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
                    && before.tree(keyspace) != after.tree(keyspace)
                    && keyspaces.numbered(keyspace).name().startsWith(prefix)) {
                from = START;
                return true;
            }
        }
        return false;
    }

    private void fill(byte[] start) {
        from = null;
        EngineKeyspace where = keyspaces.numbered(keyspace);
        RadixTree.diff(before.tree(keyspace), after.tree(keyspace), start, null, (key, old, fresh) -> {
            page.add(new KeyChange(where, key, stored(old), stored(fresh), false));
            if (page.size() < pageSize) {
                return true;
            }
            from = Span.after(key);
            return false;
        });
        pageSize = Math.min(2 * pageSize, LAST_PAGE);
    }

    private static @Nullable Stored stored(@Nullable TreeEntry entry) {
        return EngineView.stored(entry, Instants.NOTHING_DUE);
    }
}
