// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.jmh.rival.Home;
import io.github.kvist.jmh.rival.Rival;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Commits of one put each that wait for no disk: overwriting an entry, and doing so if nobody else did meanwhile. */
public class Puts extends Workload {

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

    private Stand stand;
    private Probes.Walk hits;
    private long round;

    @Setup
    public void setUp() throws Exception {
        stand = Stand.loaded(store, Home.MEMORY, data(), Age.FRESH);
        hits = data().hits().walk();
    }

    @TearDown
    public void tearDown() throws Exception {
        stand.close();
    }

    @Benchmark
    public void put() throws Exception {
        stand.store().put(hits.next(), DataSet.value(round++, valueLength));
    }

    @Benchmark
    public boolean compareAndSet() throws Exception {
        return stand.store().compareAndSet(hits.next(), DataSet.value(round++, valueLength));
    }
}
