// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeEntry;
import java.util.Arrays;
import org.eclipse.collections.api.block.HashingStrategy;
import org.eclipse.collections.api.list.MutableList;
import org.eclipse.collections.api.map.primitive.MutableIntObjectMap;
import org.eclipse.collections.api.set.MutableSet;
import org.eclipse.collections.impl.factory.HashingStrategySets;
import org.eclipse.collections.impl.factory.Lists;
import org.eclipse.collections.impl.factory.primitive.IntObjectMaps;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction depends on: the keys, ranges and scans that must be the same in the head as in its base.
 *
 * <p>Its size is bounded: beyond some hundred ranges or some thousand keys in one keyspace, neighbours are joined, which may
 * only cause more conflicts, never fewer. Confined to one thread at a time.
 */
final class ReadSet {

    private static final int SPANS_MAX = 256;
    private static final int KEYS_MAX = 8192;

    private final MutableIntObjectMap<Reads> byKeyspace = IntObjectMaps.mutable.empty();

    void key(int keyspace, byte[] key) {
        reads(keyspace).key(key);
    }

    void span(int keyspace, byte[] from, byte @Nullable [] to) {
        reads(keyspace).span(new Span(from, to));
    }

    void scan(int keyspace, RecordedScan scan) {
        reads(keyspace).scan(scan);
    }

    /**
     * The number of a keyspace in which something that was read differs between the two roots; -1 if there is none. What is
     * due at {@code instant} is nothing, whether it is still there or not.
     */
    int conflict(Root base, Root head, long instant) {
        for (var entry : byKeyspace.keyValuesView()) {
            int keyspace = entry.getOne();
            if (!entry.getTwo().same(base.tree(keyspace), head.tree(keyspace), instant)) {
                return keyspace;
            }
        }
        return -1;
    }

    private Reads reads(int keyspace) {
        return byKeyspace.getIfAbsentPut(keyspace, Reads::new);
    }

    /** What was read in one keyspace. */
    private static final class Reads {

        private final MutableSet<byte[]> keys = HashingStrategySets.mutable.with(ByContent.INSTANCE);
        private MutableList<Span> spans = Lists.mutable.empty();
        private final MutableList<RecordedScan> scans = Lists.mutable.empty();

        void key(byte[] key) {
            if (!keys.contains(key)) {
                keys.add(key.clone()); // the array is the caller's
            }
            if (keys.size() > KEYS_MAX) {
                spans.addAllIterable(keys.collect(Span::of));
                keys.clear();
                coarsen();
            }
        }

        void span(Span span) {
            spans.add(span);
            if (spans.size() > SPANS_MAX) {
                coarsen();
            }
        }

        void scan(RecordedScan scan) {
            scans.add(scan);
            if (scans.size() > SPANS_MAX) {
                scans.forEach(this::settle);
                scans.clear();
            }
        }

        private void settle(RecordedScan scan) {
            Span seen = scan.mayGoOn() ? scan.whole() : scan.seen();
            if (seen != null) {
                span(seen);
            }
        }

        boolean same(RadixTree base, RadixTree head, long instant) {
            if (base == head) {
                return true;
            }
            return keys.allSatisfy(key -> same(base, head, Span.of(key), instant))
                    && spans.allSatisfy(span -> same(base, head, span, instant))
                    && scans.allSatisfy(scan -> same(base, head, scan.seen(), instant));
        }

        private static boolean same(RadixTree base, RadixTree head, @Nullable Span span, long instant) {
            if (span == null || RadixTree.same(base, head, span.from(), span.to())) {
                return true;
            }
            if (Math.min(base.deadline(), head.deadline()) > instant) {
                return false;
            }
            boolean[] same = {true};
            RadixTree.diff(base, head, span.from(), span.to(), (key, before, after) -> {
                same[0] = isGone(before, instant) && isGone(after, instant);
                return same[0];
            });
            return same[0];
        }

        private static boolean isGone(@Nullable TreeEntry entry, long instant) {
            return entry == null || entry.deadline() <= instant;
        }

        /** Joins spans that touch; then, as long as there are too many, each with its neighbour. */
        private void coarsen() {
            spans.sortThis((a, b) -> Arrays.compareUnsigned(a.from(), b.from()));
            MutableList<Span> joined = joined(false);
            while (joined.size() > SPANS_MAX / 2) {
                spans = joined;
                joined = joined(true);
            }
            spans = joined;
        }

        private MutableList<Span> joined(boolean pairs) {
            MutableList<Span> joined = Lists.mutable.empty();
            for (int i = 0; i < spans.size(); i++) {
                Span next = spans.get(i);
                Span last = joined.getLast();
                if (last != null && (last.reaches(next) || (pairs && i % 2 == 1))) {
                    joined.set(joined.size() - 1, last.through(next));
                } else {
                    joined.add(next);
                }
            }
            return joined;
        }
    }

    /** Byte arrays by their bytes. */
    private enum ByContent implements HashingStrategy<byte[]> {
        INSTANCE;

        @Override
        public int computeHashCode(byte[] key) {
            return Arrays.hashCode(key);
        }

        @Override
        public boolean equals(byte[] a, byte[] b) {
            return Arrays.equals(a, b);
        }
    }
}
