// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.concurrent.TimeUnit;
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

/** What a snapshot costs, and a fork of it, whatever the store holds; and the first write to a fork. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx" + Workload.HEAP)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Forks {

    private static final Table<Long, byte[]> TABLE = Table.of("entries", Keys.int64(), Values.bytes());
    private static final byte[] VALUE = new byte[8];

    @Param({"10000", "1000000"})
    public int size;

    private KvStore store;
    private Snapshot held;

    @Setup
    public void setUp() {
        store = Kvist.inMemory();
        store.update(tx -> {
            for (long i = 0; i < size; i++) {
                tx.in(TABLE).put(i, VALUE);
            }
        });
        held = store.snapshot();
    }

    @TearDown
    public void tearDown() {
        held.close();
        store.close();
    }

    @Benchmark
    public long snapshot() {
        try (Snapshot snapshot = store.snapshot()) {
            return snapshot.revision();
        }
    }

    @Benchmark
    public long fork() {
        try (KvStore fork = held.fork()) {
            return fork.revision();
        }
    }

    @Benchmark
    public long forkAndPut() {
        try (KvStore fork = held.fork()) {
            fork.in(TABLE).put(7L, VALUE);
            return fork.revision();
        }
    }
}
