// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.jmh.rival.Contender;
import io.github.kvist.jmh.rival.Entries;
import io.github.kvist.jmh.rival.Home;
import io.github.kvist.jmh.rival.Rival;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Filling an empty store: in one transaction in random order or in key order, and by one commit per entry in random order. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 3)
public class Loads extends Workload {

    @Param({
        "KVIST",
        "KVIST_FILE",
        "HASH_MAP",
        "CONCURRENT_HASH_MAP",
        "TREE_MAP",
        "SKIP_LIST_MAP",
        "MVSTORE",
        "MAPDB",
        "XODUS",
        "LMDB",
        "ROCKSDB",
        "BERKELEY_DB",
        "SQLITE"
    })
    public Rival store;

    private Entries random;
    private Entries sorted;
    private Stand stand;

    @Setup(Level.Trial)
    public void setUpData() {
        random = data().entries(false);
        sorted = data().entries(true);
    }

    @Setup(Level.Iteration)
    public void setUp() throws Exception {
        stand = Stand.empty(store, Home.MEMORY);
        System.gc();
    }

    @TearDown(Level.Iteration)
    public void tearDown() throws Exception {
        stand.close();
        Scratch.delete(stand.directory());
    }

    @Benchmark
    public void randomly() throws Exception {
        stand.store().load(random);
    }

    @Benchmark
    public void sorted() throws Exception {
        stand.store().load(sorted);
    }

    @Benchmark
    public void singly() throws Exception {
        Contender contender = stand.store();
        for (int i = 0; i < random.size(); i++) {
            contender.put(random.key(i), random.value(i));
        }
    }
}
