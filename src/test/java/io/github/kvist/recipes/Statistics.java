// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.recipes;

import io.github.kvist.api.Cursor;
import io.github.kvist.api.Entry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Pair;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.PairKeys;
import io.github.kvist.codec.Values;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How often something happened, minute by minute. Safe for any number of threads. */
final class Statistics {

    static final PairKeys<String, Instant> BUCKETS = Keys.tuple(Keys.string(), Keys.instant());

    /** A bucket is kept for so long after it was last counted in. */
    static final Duration KEPT = Duration.ofDays(30);

    static final Table<Pair<String, Instant>, Long> COUNTS =
            Table.of("counts", BUCKETS, Values.int64()).expiring(KEPT);

    private final KvStore store;

    Statistics(KvStore store) {
        this.store = store;
    }

    void count(String metric, Instant at) {
        store.in(COUNTS).compute(bucket(metric, at), old -> plus(old, 1));
    }

    /** Counts several metrics of one moment in one commit: all or none. */
    void count(Map<String, Long> amounts, Instant at) {
        store.update(tx -> {
            TableWriter<Pair<String, Instant>, Long> counts = tx.in(COUNTS);
            amounts.forEach((metric, amount) -> counts.compute(bucket(metric, at), old -> plus(old, amount)));
        });
    }

    /** The sum over all minutes that begin in the time from {@code first} on, before {@code end}. */
    long sum(String metric, Instant first, Instant end) {
        long sum = 0;
        try (Cursor<Pair<String, Instant>, Long> cursor =
                store.in(COUNTS).scan(between(metric, first, end)).cursor()) {
            while (cursor.advance()) {
                sum += cursor.value();
            }
        }
        return sum;
    }

    /** The last minutes in which something was counted, at most so many, in order of time. */
    SortedMap<Instant, Long> last(String metric, int minutes) {
        SortedMap<Instant, Long> series = new TreeMap<>();
        for (Entry<Pair<String, Instant>, Long> entry :
                store.in(COUNTS).scan(BUCKETS.startingWith(metric)).reverse().limit(minutes)) {
            series.put(entry.key().second(), entry.value());
        }
        return series;
    }

    /** Removes the minutes of a metric that begin before {@code end}, and returns how many there were. */
    long forget(String metric, Instant end) {
        return store.in(COUNTS).deleteRange(between(metric, Instant.MIN, end));
    }

    private static KeyRange<Pair<String, Instant>> between(String metric, Instant first, Instant end) {
        return KeyRange.closedOpen(new Pair<>(metric, first), new Pair<>(metric, end));
    }

    private static Pair<String, Instant> bucket(String metric, Instant at) {
        return new Pair<>(metric, at.truncatedTo(ChronoUnit.MINUTES));
    }

    private static long plus(Long old, long amount) {
        return old == null ? amount : old + amount;
    }
}
