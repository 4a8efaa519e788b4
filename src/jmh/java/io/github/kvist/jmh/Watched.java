// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.Kvist;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.api.Watch;
import io.github.kvist.api.WatchOptions;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Commits of one put each beside watches on other ranges of the same table, which have to be told nothing. */
public class Watched extends Workload {

    private static final Table<Long, Long> TABLE = Table.of("numbers", Keys.int64(), Values.int64());

    @Param({"0", "1", "10000"})
    public int watches;

    private final KvStore store = Kvist.inMemory();
    private final List<Watch> open = new ArrayList<>();
    private long next;

    @Setup
    public void setUp() {
        store.update(tx -> {
            for (long key = 0; key < size; key++) {
                tx.in(TABLE).put(2 * key, key);
            }
        });
        for (long i = 0; i < watches; i++) {
            // Between the keys that are written, all over the table.
            long between = 2 * (i * (size / Math.max(1, watches))) + 1;
            open.add(store.watch(WatchOptions.of(TABLE).range(KeyRange.exactly(between))));
        }
    }

    @TearDown
    public void tearDown() {
        open.forEach(Watch::close);
        store.close();
    }

    @Benchmark
    public void commit() {
        next = (next + 7919) % size;
        store.in(TABLE).put(2 * next, next);
    }
}
