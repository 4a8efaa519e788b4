// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.conformance;

import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** How long single calls of one thread take on a store with ten thousand records of a hundred bytes. */
final class Latencies {

    /** Half of all calls, and all but one in a hundred, take no longer, in nanoseconds. */
    record Percentiles(long p50, long p99) {
        private static final double MICRO = 1_000.0;
        private static final double MILLI = 1_000_000.0;

        @Override
        public String toString() {
            return shown(p50) + " / " + shown(p99);
        }

        private static String shown(long nanos) {
            return nanos < 1_000_000 ? number(nanos / MICRO) + " µs" : number(nanos / MILLI) + " ms";
        }

        private static String number(double value) {
            return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value);
        }
    }

    private static final Table<Long, byte[]> RECORDS = Table.of("records", Keys.int64(), Values.bytes());
    private static final int COUNT = 10_000;
    private static final int BATCH = 500;
    private static final int BYTES = 100;
    private static final long WARM_UP_NANOS = 1_500_000_000;
    private static final long MEASURED_NANOS = 2_500_000_000L;

    private final KvStore store;
    private final Random random = new Random(1);

    private Latencies(KvStore store) {
        this.store = store;
    }

    /** By the name of what was called. Takes about twenty seconds. */
    static Map<String, Percentiles> of(KvStore store) {
        Latencies latencies = new Latencies(store);
        latencies.fill();
        Map<String, Percentiles> measured = new LinkedHashMap<>();
        measured.put("get", latencies.measured(latencies::get));
        measured.put("put", latencies.measured(latencies::put));
        measured.put("transaction of 10 puts", latencies.measured(latencies::transaction));
        measured.put("scan of 100", latencies.measured(latencies::scan));
        return measured;
    }

    private void fill() {
        for (long from = 0; from < COUNT; from += BATCH) {
            Map<Long, byte[]> batch = new HashMap<>();
            for (long key = from; key < from + BATCH; key++) {
                batch.put(key, value());
            }
            store.in(RECORDS).putAll(batch);
        }
    }

    private byte[] value() {
        byte[] value = new byte[BYTES];
        random.nextBytes(value);
        return value;
    }

    private long key() {
        return random.nextInt(COUNT);
    }

    private void get() {
        if (store.in(RECORDS).getOrNull(key()) == null) {
            throw new IllegalStateException("A get lost a record.");
        }
    }

    private void put() {
        store.in(RECORDS).put(key(), value());
    }

    private void transaction() {
        store.update(tx -> {
            for (int i = 0; i < 10; i++) {
                tx.in(RECORDS).put(key(), value());
            }
        });
    }

    private void scan() {
        long from = random.nextInt(COUNT - 100);
        if (store.in(RECORDS).scan(KeyRange.atLeast(from)).limit(100).values().size() != 100) {
            throw new IllegalStateException("A scan lost records.");
        }
    }

    private Percentiles measured(Runnable call) {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < WARM_UP_NANOS) {
            call.run();
        }
        long[] nanos = new long[1 << 22];
        int count = 0;
        begun = System.nanoTime();
        long now = begun;
        while (now - begun < MEASURED_NANOS && count < nanos.length) {
            call.run();
            long after = System.nanoTime();
            nanos[count++] = after - now;
            now = after;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return new Percentiles(sorted[count / 2], sorted[(int) (count * 0.99)]);
    }
}
