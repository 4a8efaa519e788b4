// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.jmh.rival.Home;
import io.github.kvist.jmh.rival.Rival;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Commits of one put each that are on the disk before they return, by 1, 8 and 64 threads on one store. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class Durables extends Workload {

    @Param({"KVIST", "BARE_LOG", "MVSTORE", "MAPDB", "XODUS", "LMDB", "ROCKSDB", "BERKELEY_DB", "SQLITE"})
    public Rival store;

    private Stand stand;

    @Setup
    public void setUp() throws Exception {
        stand = Stand.empty(store, Home.SYNCED);
    }

    @TearDown
    public void tearDown() throws Exception {
        stand.close();
    }

    @Benchmark
    @Threads(1)
    public void oneThread() throws Exception {
        put();
    }

    @Benchmark
    @Threads(8)
    public void eightThreads() throws Exception {
        put();
    }

    @Benchmark
    @Threads(64)
    public void sixtyFourThreads() throws Exception {
        put();
    }

    private void put() throws Exception {
        int number = ThreadLocalRandom.current().nextInt(size);
        stand.store().put(keys.key(number), DataSet.value(number, valueLength));
    }
}
