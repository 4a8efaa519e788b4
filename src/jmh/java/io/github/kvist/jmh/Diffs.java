// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.Kvist;
import io.github.kvist.api.Change;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What is different between two snapshots, in a small store and in a large one. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx" + Workload.HEAP)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Diffs {

    private static final Table<Long, byte[]> TABLE = Table.of("entries", Keys.int64(), Values.bytes());

    @Param({"10000", "1000000"})
    public int size;

    @Param("10")
    public int changes;

    private KvStore store;
    private Snapshot from;
    private Snapshot to;

    @Setup
    public void setUp() {
        store = Kvist.inMemory();
        store.update(tx -> {
            for (long i = 0; i < size; i++) {
                tx.in(TABLE).put(i, new byte[8]);
            }
        });
        from = store.snapshot();
        Random random = new Random(1);
        for (int i = 0; i < changes; i++) {
            store.in(TABLE).put((long) random.nextInt(size), new byte[8]);
        }
        to = store.snapshot();
    }

    @TearDown
    public void tearDown() {
        from.close();
        to.close();
        store.close();
    }

    @Benchmark
    public long diff() {
        try (Stream<Change<?, ?>> all = store.diff(from, to)) {
            return all.mapToLong(change -> (Long) change.key()).sum();
        }
    }
}
