// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands on an entry of an index and looks its record up when it is asked for.
 *
 * <p>In a write transaction the record may have changed by then. So the transaction hands over what it is about to
 * overwrite ({@link #preserve}), or lets the cursor collect all that is ahead of it ({@link #detach}).
 */
final class IndexCursor<K, V> extends WalkCursor<K, V> {

    private final TableSpace<K, V> space;
    private final IndexSpace<V, ?> index;
    private final Map<ByteBuffer, Stored> preserved = new HashMap<>();
    private byte @Nullable [] entry;
    private byte @Nullable [] primaryKey;
    private @Nullable Stored record;
    private @Nullable Deque<Ahead> ahead;

    IndexCursor(
            Views views, View view, EntryCursor entries, long limit, TableSpace<K, V> space, IndexSpace<V, ?> index) {
        super(views, view, entries, limit);
        this.space = space;
        this.index = index;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Ahead(byte[] entry, byte[] primaryKey, Stored record) {}

    @Override
    boolean next() {
        entry = null;
        primaryKey = null;
        record = null;
        if (ahead == null) {
            return entries.advance();
        }
        Ahead next = ahead.poll();
        if (next == null) {
            return false;
        }
        entry = next.entry;
        primaryKey = next.primaryKey;
        record = next.record;
        return true;
    }

    @Override
    byte[] position() {
        if (entry == null) {
            entry = entries.key();
        }
        return entry;
    }

    private byte[] primaryKey() {
        if (primaryKey == null) {
            primaryKey = index.primaryKey(position());
        }
        return primaryKey;
    }

    private Stored record() {
        if (record == null) {
            record = find(primaryKey());
        }
        return record;
    }

    private Stored find(byte[] key) {
        Stored before = preserved.isEmpty() ? null : preserved.get(ByteBuffer.wrap(key));
        Stored found = before != null ? before : view.get(space.records(), key);
        if (found == null) {
            throw new KvException.Corrupt(index + ": an entry leads to no record. "
                    + "Run verify, and raise the revision of the index to rebuild it.");
        }
        return found;
    }

    @Override
    public K key() {
        requireEntry();
        return space.key(primaryKey());
    }

    @Override
    public V value() {
        requireEntry();
        return space.value(record());
    }

    @Override
    long stamp() {
        return record().version();
    }

    @Override
    long deadline() {
        return record().deadline();
    }

    @Override
    public void seek(K key) {
        throw new UnsupportedOperationException(
                index + ": a scan of an index is not ordered by the keys of its records, "
                        + "so it cannot seek one. Scan a range of the index.");
    }

    boolean isOf(KnownTable table) {
        return space.known() == table;
    }

    /** Takes what is stored under {@code key} before the transaction changes it. */
    void preserve(byte[] key, Stored stored) {
        if (ahead == null) {
            preserved.putIfAbsent(ByteBuffer.wrap(key), stored);
        }
    }

    /** Collects all that is ahead, so that whatever the transaction does next does not show. O(what is ahead). */
    void detach() {
        if (ahead != null) {
            return;
        }
        if (isOnEntry()) {
            record();
        }
        Deque<Ahead> rest = new ArrayDeque<>();
        while (rest.size() < left() && entries.advance()) {
            byte[] next = entries.key();
            byte[] key = index.primaryKey(next);
            rest.add(new Ahead(next, key, find(key)));
        }
        ahead = rest;
        preserved.clear();
    }
}
