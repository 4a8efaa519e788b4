// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.jmh.rival.Home;
import io.github.kvist.jmh.rival.Part;
import io.github.kvist.jmh.rival.Rival;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Ordered reads: 100 entries from a random key on, and all entries; with their keys, and of the values alone. */
public class Scans extends Workload {
    private static final int HUNDRED = 100;

    @Param({
        "KVIST",
        "KVIST_SLICES",
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

    @Param("FRESH")
    public Age age;

    private Stand stand;
    private Probes.Walk starts;

    @Setup
    public void setUp() throws Exception {
        stand = Stand.loaded(store, Home.MEMORY, data(), age);
        starts = data().hits().walk();
    }

    @TearDown
    public void tearDown() throws Exception {
        stand.close();
    }

    @Benchmark
    public long hundred() throws Exception {
        return stand.store().scan(starts.next(), HUNDRED, Part.KEYS_AND_VALUES);
    }

    @Benchmark
    public long hundredValues() throws Exception {
        return stand.store().scan(starts.next(), HUNDRED, Part.VALUES);
    }

    @Benchmark
    public long all() throws Exception {
        return stand.store().scan(null, Integer.MAX_VALUE, Part.KEYS_AND_VALUES);
    }

    @Benchmark
    public long allValues() throws Exception {
        return stand.store().scan(null, Integer.MAX_VALUE, Part.VALUES);
    }
}
