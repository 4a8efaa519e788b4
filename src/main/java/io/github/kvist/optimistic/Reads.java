// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.optimistic;

import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Range;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction has read, to be sent along with its commit. Where there is too much of it, neighbouring ranges become one:
 * that can only cause more conflicts, never fewer. Confined to one thread at a time.
 */
final class Reads {

    /** Of one keyspace. */
    private static final int RANGES_MAX = 512;

    private final Map<String, OfKeyspace> byKeyspace = new HashMap<>();

    private static final class OfKeyspace {
        private final Keyspace keyspace;
        private final TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
        private final List<Range> ranges = new ArrayList<>();
        private final List<RecordedScan> scans = new ArrayList<>();

        OfKeyspace(Keyspace keyspace) {
            this.keyspace = keyspace;
        }

        List<Range> merged() {
            List<Range> all = new ArrayList<>(ranges);
            scans.stream().map(RecordedScan::seen).filter(Objects::nonNull).forEach(all::add);
            keys.forEach(key -> all.add(Range.of(keyspace, key)));
            all.sort(Comparator.comparing(Range::from, Arrays::compareUnsigned));
            List<Range> merged = joined(all);
            return merged.size() <= RANGES_MAX ? merged : coarse(merged);
        }
    }

    void key(Keyspace keyspace, byte[] key) {
        TreeSet<byte[]> keys = of(keyspace).keys;
        if (!keys.contains(key)) {
            keys.add(key.clone()); // the array is the caller's
        }
    }

    void range(Range range) {
        OfKeyspace read = of(range.keyspace());
        read.ranges.add(copy(range));
        if (read.ranges.size() > 2 * RANGES_MAX) {
            List<Range> merged = read.merged();
            read.ranges.clear();
            read.keys.clear();
            read.ranges.addAll(merged);
        }
    }

    void scan(Keyspace keyspace, RecordedScan scan) {
        of(keyspace).scans.add(scan);
    }

    /** A scan goes no further. */
    void closed(Keyspace keyspace, RecordedScan scan) {
        Range seen = of(keyspace).scans.remove(scan) ? scan.seen() : null;
        if (seen != null) {
            range(seen);
        }
    }

    boolean isEmpty() {
        return byKeyspace.isEmpty();
    }

    List<Range> ranges() {
        List<Range> all = new ArrayList<>();
        byKeyspace.values().forEach(read -> all.addAll(read.merged()));
        return all;
    }

    private OfKeyspace of(Keyspace keyspace) {
        return byKeyspace.computeIfAbsent(keyspace.name(), unseen -> new OfKeyspace(keyspace));
    }

    private static Range copy(Range range) {
        byte[] to = range.to();
        return new Range(range.keyspace(), range.from().clone(), to == null ? null : to.clone());
    }

    /** Sorted ranges without overlaps. */
    private static List<Range> joined(List<Range> sorted) {
        Deque<Range> joined = new ArrayDeque<>();
        for (Range range : sorted) {
            Range before = joined.peekLast();
            if (before != null && reaches(before.to(), range.from())) {
                joined.removeLast();
                joined.addLast(through(before, range));
            } else {
                joined.addLast(range);
            }
        }
        return new ArrayList<>(joined);
    }

    /** Neighbours made one until there are few enough. */
    private static List<Range> coarse(List<Range> ranges) {
        int group = (ranges.size() + RANGES_MAX - 1) / RANGES_MAX;
        List<Range> coarse = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i += group) {
            coarse.add(through(ranges.get(i), ranges.get(Math.min(i + group, ranges.size()) - 1)));
        }
        return coarse;
    }

    private static boolean reaches(byte @Nullable [] to, byte[] from) {
        return to == null || Arrays.compareUnsigned(from, to) <= 0;
    }

    private static Range through(Range first, Range second) {
        byte[] a = first.to();
        byte[] b = second.to();
        boolean endsFirst = a != null && (b == null || Arrays.compareUnsigned(a, b) < 0);
        return new Range(first.keyspace(), first.from(), endsFirst ? b : a);
    }
}
