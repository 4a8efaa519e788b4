// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.tree.TreeCursor;

/** A cursor over one tree, which never changes. */
final class TreeScan implements EntryCursor {

    private final TreeCursor cursor;

    TreeScan(TreeCursor cursor) {
        this.cursor = cursor;
    }

    @Override
    public boolean advance() {
        return cursor.advance();
    }

    @Override
    public void seek(byte[] key) {
        cursor.seek(key);
    }

    @Override
    public byte[] key() {
        return cursor.key();
    }

    @Override
    public byte[] array() {
        return cursor.array();
    }

    @Override
    public int offset() {
        return cursor.offset();
    }

    @Override
    public int length() {
        return cursor.length();
    }

    @Override
    public long version() {
        return cursor.version();
    }

    @Override
    public long deadline() {
        return cursor.deadline();
    }

    @Override
    public void close() {
        // The collector lets go of the tree.
    }
}
