// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.View;

/** Stands on a record where it lies. */
final class RecordCursor<K, V> extends WalkCursor<K, V> {

    private final TableSpace<K, V> space;

    RecordCursor(Views views, View view, EntryCursor records, long limit, TableSpace<K, V> space) {
        super(views, view, records, limit);
        this.space = space;
    }

    @Override
    boolean next() {
        return entries.advance();
    }

    @Override
    public K key() {
        requireEntry();
        return space.key(entries.key());
    }

    @Override
    public V value() {
        requireEntry();
        return space.value(entries.array(), entries.offset(), entries.length());
    }

    @Override
    public void seek(K key) {
        requireOpen();
        entries.seek(space.keyToFind(key));
    }

    @Override
    byte[] position() {
        return entries.key();
    }

    @Override
    long stamp() {
        return entries.version();
    }

    @Override
    long deadline() {
        return entries.deadline();
    }
}
