// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.tree.TreeCursor;

/** A cursor over what is not due in one tree, which never changes. */
sealed class TreeScan implements EntryCursor permits RecordedScan {

    private final TreeCursor cursor;
    private final long due;

    /** Passes over the entries with a deadline at or before {@code due}. */
    TreeScan(TreeCursor cursor, long due) {
        this.cursor = cursor;
        this.due = due;
    }

    @Override
    public boolean advance() {
        while (cursor.advance()) {
            if (due == Instants.NOTHING_DUE || cursor.deadline() > due) {
                return true;
            }
        }
        return false;
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
