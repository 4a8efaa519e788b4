// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.tree.TreeCursor;

/** A cursor over one tree, which never changes. */
sealed class TreeScan implements EntryCursor permits RecordedScan {

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
    public final byte[] key() {
        return cursor.key();
    }

    @Override
    public final byte[] array() {
        return cursor.array();
    }

    @Override
    public final int offset() {
        return cursor.offset();
    }

    @Override
    public final int length() {
        return cursor.length();
    }

    @Override
    public final long version() {
        return cursor.version();
    }

    @Override
    public final long deadline() {
        return cursor.deadline();
    }

    @Override
    public void close() {
        // The collector lets go of the tree.
    }
}
