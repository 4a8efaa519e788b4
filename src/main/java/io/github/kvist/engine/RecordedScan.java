// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.tree.TreeCursor;
import org.jspecify.annotations.Nullable;

/** A scan of a serializable transaction, which knows what part of its range was really looked at. */
final class RecordedScan extends TreeScan {

    private final byte[] from;
    private final byte @Nullable [] to;
    private final boolean reverse;
    private boolean onEntry;
    private boolean ended;
    private boolean closed;
    private byte @Nullable [] lastKey;

    RecordedScan(TreeCursor cursor, long due, byte[] from, byte @Nullable [] to, boolean reverse) {
        super(cursor, due);
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
        byte[] last = onEntry ? key() : lastKey;
        if (last == null) {
            return null;
        }
        return reverse ? new Span(last, to) : new Span(from, Span.after(last));
    }

    @Override
    public boolean advance() {
        onEntry = super.advance();
        ended |= !onEntry;
        return onEntry;
    }

    @Override
    public void seek(byte[] key) {
        if (onEntry) {
            lastKey = key();
            onEntry = false;
        }
        super.seek(key);
    }

    @Override
    public void close() {
        closed = true;
    }
}
