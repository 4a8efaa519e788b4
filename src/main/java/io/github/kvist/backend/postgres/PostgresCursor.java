// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A scan, page by page: each page begins where the one before ended, in the one state that the view sees. So a view can have any
 * number of cursors, and one that is not read to its end costs the server nothing.
 */
final class PostgresCursor implements EntryCursor {

    private static final int FIRST_PAGE = 32;
    private static final int LARGEST_PAGE = 512;
    private static final int GROWTH = 4;

    private final PostgresView view;
    private final PostgresKeyspace keyspace;
    private final boolean reverse;

    // What lies ahead, without the page.
    private byte[] from;
    private byte @Nullable [] to;
    private boolean hasMore = true;

    private Page page = Page.EMPTY;
    private int next;
    private int limit = FIRST_PAGE;
    private Page.@Nullable Row row;
    private byte @Nullable [] value;

    PostgresCursor(PostgresView view, PostgresKeyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
        this.view = view;
        this.keyspace = keyspace;
        this.from = from;
        this.to = to;
        this.reverse = reverse;
    }

    @Override
    public boolean advance() {
        if (next == page.rows().size() && !turnPage()) {
            row = null;
            return false;
        }
        row = page.rows().get(next++);
        value = row.value();
        return true;
    }

    private boolean turnPage() {
        if (!hasMore || (to != null && Arrays.compareUnsigned(from, to) >= 0)) {
            return false;
        }
        page = view.page(keyspace, from, to, reverse, limit);
        next = 0;
        limit = Math.min(LARGEST_PAGE, limit * GROWTH);
        hasMore = !page.isLast();
        if (page.rows().isEmpty()) {
            return false;
        }
        byte[] last = page.rows().get(page.rows().size() - 1).key();
        if (reverse) {
            to = last;
        } else {
            from = Range.after(last);
        }
        return true;
    }

    @Override
    public void seek(byte[] key) {
        while (next < page.rows().size() && isBefore(page.rows().get(next).key(), key)) {
            next++;
        }
        if (next < page.rows().size()) {
            return;
        }
        if (reverse) {
            byte[] end = Range.after(key);
            to = to == null || Arrays.compareUnsigned(end, to) < 0 ? end : to;
        } else if (Arrays.compareUnsigned(key, from) > 0) {
            from = key.clone();
        }
    }

    /** Whether the scan comes to {@code a} before it comes to {@code b}. */
    private boolean isBefore(byte[] a, byte[] b) {
        int order = Arrays.compareUnsigned(a, b);
        return reverse ? order > 0 : order < 0;
    }

    private Page.Row row() {
        return Objects.requireNonNull(row, "advance() first");
    }

    @Override
    public byte[] key() {
        return row().key().clone();
    }

    @Override
    public byte[] array() {
        byte[] present = value;
        if (present == null) {
            Stored entry = Objects.requireNonNull(view.get(keyspace, row().key()), "an entry of this very view");
            present = entry.array();
            value = present;
        }
        return present;
    }

    @Override
    public int offset() {
        return 0;
    }

    @Override
    public int length() {
        return array().length;
    }

    @Override
    public long version() {
        return row().version();
    }

    @Override
    public long deadline() {
        return row().deadline();
    }

    @Override
    public void close() {
        page = Page.EMPTY;
        next = 0;
        hasMore = false;
    }
}
