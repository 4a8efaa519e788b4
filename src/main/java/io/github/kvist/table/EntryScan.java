// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.Cursor;
import io.github.kvist.api.Entry;
import io.github.kvist.api.Page;
import io.github.kvist.api.PageToken;
import io.github.kvist.api.Scan;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A walk with a direction, a limit and a starting point. Immutable; each terminal call starts anew. */
final class EntryScan<K, V> implements Scan<K, V> {

    private final Walk<K, V> walk;
    private final boolean reverse;
    private final long limit;
    private final @Nullable PageToken after;

    EntryScan(Walk<K, V> walk) {
        this(walk, false, Long.MAX_VALUE, null);
    }

    private EntryScan(Walk<K, V> walk, boolean reverse, long limit, @Nullable PageToken after) {
        this.walk = walk;
        this.reverse = reverse;
        this.limit = limit;
        this.after = after;
    }

    @Override
    public Scan<K, V> reverse() {
        return new EntryScan<>(walk, !reverse, limit, after);
    }

    @Override
    public Scan<K, V> limit(long n) {
        if (n < 0) {
            throw new IllegalArgumentException("The limit of a scan is 0 or more, not " + n + ".");
        }
        return new EntryScan<>(walk, reverse, Math.min(limit, n), after);
    }

    @Override
    public Scan<K, V> after(PageToken token) {
        return new EntryScan<>(walk, reverse, limit, Objects.requireNonNull(token, "token"));
    }

    @Override
    public Cursor<K, V> cursor() {
        return start();
    }

    private WalkCursor<K, V> start() {
        Bounds part = walk.bounds();
        if (after != null) {
            part = PageTokens.rest(after, walk, reverse);
        }
        return walk.start(part, reverse, limit);
    }

    @Override
    public List<Entry<K, V>> toList() {
        return collect(WalkCursor::entry);
    }

    @Override
    public List<K> keys() {
        return collect(Cursor::key);
    }

    @Override
    public List<V> values() {
        return collect(Cursor::value);
    }

    private <T> List<T> collect(Function<? super WalkCursor<K, V>, ? extends T> part) {
        return walk.views().together(() -> collected(part));
    }

    private <T> List<T> collected(Function<? super WalkCursor<K, V>, ? extends T> part) {
        List<T> all = new ArrayList<>();
        try (WalkCursor<K, V> cursor = start()) {
            while (cursor.advance()) {
                all.add(part.apply(cursor));
            }
        }
        return all;
    }

    @Override
    public Stream<Entry<K, V>> stream() {
        Entries<K, V> entries = new Entries<>(start());
        int traits = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(entries, traits), false)
                .onClose(entries::close);
    }

    @Override
    public Iterator<Entry<K, V>> iterator() {
        return new Entries<>(start());
    }

    @Override
    public Page<K, V> page(int size) {
        if (size <= 0) {
            throw new IllegalArgumentException("A page has 1 or more entries, not " + size + ".");
        }
        return walk.views().together(() -> firstOf(size));
    }

    private Page<K, V> firstOf(int size) {
        List<Entry<K, V>> entries = new ArrayList<>();
        try (WalkCursor<K, V> cursor = start()) {
            byte @Nullable [] last = null;
            while (entries.size() < size && cursor.advance()) {
                entries.add(cursor.entry());
                last = cursor.position();
            }
            Optional<PageToken> next = last != null && cursor.advance()
                    ? Optional.of(PageTokens.token(last, walk, reverse))
                    : Optional.empty();
            return new Page<>(entries, next);
        }
    }

    /** Closes its cursor at the end. */
    private static final class Entries<K, V> implements Iterator<Entry<K, V>> {
        private final WalkCursor<K, V> cursor;
        private boolean ready;

        Entries(WalkCursor<K, V> cursor) {
            this.cursor = cursor;
        }

        @Override
        public boolean hasNext() {
            if (!ready && !cursor.isClosed()) {
                ready = cursor.advance();
                if (!ready) {
                    cursor.close();
                }
            }
            return ready;
        }

        @Override
        public Entry<K, V> next() {
            if (!hasNext()) {
                throw new NoSuchElementException("The scan is at its end.");
            }
            ready = false;
            return cursor.entry();
        }

        void close() {
            ready = false;
            cursor.close();
        }
    }
}
