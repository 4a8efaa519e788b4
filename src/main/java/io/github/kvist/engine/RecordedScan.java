// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.tree.TreeCursor;
import org.jspecify.annotations.Nullable;

/** A cursor of a serializable transaction, which knows what part of its range was really looked at. */
final class RecordedScan implements EntryCursor {

    private final TreeCursor cursor;
    private final byte[] from;
    private final byte @Nullable [] to;
    private final boolean reverse;
    private boolean onEntry;
    private boolean ended;
    private boolean closed;
    private byte @Nullable [] lastKey;

    RecordedScan(TreeCursor cursor, byte[] from, byte @Nullable [] to, boolean reverse) {
        this.cursor = cursor;
        this.from = from;
        this.to = to;
        this.reverse = reverse;
    }

    boolean mayGoOn() {
        return !ended && !closed;
    }

    Span whole() {
        return new Span(from, to);
    }

    /** What was looked at so far, from the start of the scan; {@code null} if nothing was. */
    @Nullable
    Span seen() {
        if (ended) {
            return whole();
        }
        byte[] last = onEntry ? cursor.key() : lastKey;
        if (last == null) {
            return null;
        }
        return reverse ? new Span(last, to) : new Span(from, Span.after(last));
    }

    @Override
    public boolean advance() {
        onEntry = cursor.advance();
        ended |= !onEntry;
        return onEntry;
    }

    @Override
    public void seek(byte[] key) {
        if (onEntry) {
            lastKey = cursor.key();
            onEntry = false;
        }
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
        closed = true;
    }
}
