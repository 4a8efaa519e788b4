// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A scan that fetches pages, larger ones the longer it goes on. What its pages cover counts as read by the view. */
final class PageCursor implements EntryCursor {

    private static final int FIRST_PAGE = 64;
    private static final int PAGE_MAX = 1000;
    private static final int PAGE_BYTES = 1 << 20;

    /** Where the keys and entries begin in an answer. */
    private static final int HEAD = 4;

    private final RedisView view;
    private final RedisKeyspace keyspace;
    private final boolean reverse;

    // What has not been fetched yet: from inclusive, to exclusive.
    private byte[] from;
    private byte @Nullable [] to;

    private boolean isFetched;
    private int limit = FIRST_PAGE;
    private ReadRanges.@Nullable Stretch stretch;
    private List<?> page = List.of();
    private int next;
    private byte @Nullable [] key;
    private @Nullable Stored stored;

    PageCursor(RedisView view, RedisKeyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
        this.view = view;
        this.keyspace = keyspace;
        this.from = from;
        this.to = to;
        this.reverse = reverse;
    }

    @Override
    public boolean advance() {
        while (true) {
            while (next < page.size()) {
                byte[] entry = (byte[]) page.get(next + 1);
                next += 2;
                if (!view.isDue(entry)) {
                    key = (byte[]) page.get(next - 2);
                    stored = StoredEntry.read(entry);
                    return true;
                }
            }
            if (isFetched) {
                key = null;
                stored = null;
                return false;
            }
            page = view.page(this);
            next = 0;
        }
    }

    /** What to ask for. */
    Request complete(Request scan) {
        byte[] low = RedisView.bound('[', from);
        byte[] high = to == null ? RedisView.PLUS : RedisView.bound('(', to);
        scan.with(reverse ? "ZREVRANGEBYLEX" : "ZRANGEBYLEX")
                .with(reverse ? high : low)
                .with(reverse ? low : high)
                .with(limit)
                .with(PAGE_BYTES);
        limit = Math.min(PAGE_MAX, limit * 4);
        return scan;
    }

    RedisKeyspace keyspace() {
        return keyspace;
    }

    /** Takes an answer over, and adds to what the view has read. */
    List<?> take(List<?> answer, ReadRanges reads) {
        List<?> entries = answer.subList(HEAD, answer.size());
        isFetched = (Long) answer.get(HEAD - 1) == 1;
        byte[] first = from;
        byte[] end = to;
        if (!isFetched) {
            byte[] last = (byte[]) entries.get(entries.size() - 2);
            if (reverse) {
                first = last;
                to = last;
            } else {
                end = Range.after(last);
                from = end;
            }
        }
        if (stretch == null) {
            stretch = reads.stretch(keyspace, first, end);
        } else {
            stretch.grow(first, end, reverse);
        }
        return entries;
    }

    @Override
    public void seek(byte[] target) {
        while (next < page.size() && isBefore((byte[]) page.get(next), target)) {
            next += 2;
        }
        if (next < page.size() || isFetched) {
            return;
        }
        if (reverse && (to == null || Arrays.compareUnsigned(target, to) < 0)) {
            to = Range.after(target);
            stretch = null;
        } else if (!reverse && Arrays.compareUnsigned(target, from) > 0) {
            from = target.clone();
            stretch = null;
        }
    }

    private boolean isBefore(byte[] present, byte[] target) {
        int order = Arrays.compareUnsigned(present, target);
        return reverse ? order > 0 : order < 0;
    }

    @Override
    public byte[] key() {
        return Objects.requireNonNull(key, "an entry; advance() first").clone();
    }

    private Stored stored() {
        return Objects.requireNonNull(stored, "an entry; advance() first");
    }

    @Override
    public byte[] array() {
        return stored().array();
    }

    @Override
    public int offset() {
        return stored().offset();
    }

    @Override
    public int length() {
        return stored().length();
    }

    @Override
    public long version() {
        return stored().version();
    }

    @Override
    public long deadline() {
        return stored().deadline();
    }

    /** The pages are garbage; nothing is open in the server. */
    @Override
    public void close() {
        isFetched = true;
        page = List.of();
        next = 0;
    }
}
