// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.jmh.rival.Home;
import io.github.kvist.jmh.rival.Rival;
import io.github.kvist.jmh.rival.View;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Snapshots: opened, read once and closed; and held open for many reads, as a long read transaction does. */
public class Views extends Workload {

    @Param({"KVIST", "KVIST_FILE", "MVSTORE", "XODUS", "LMDB", "ROCKSDB"})
    public Rival store;

    @Param("FRESH")
    public Age age;

    private Stand stand;
    private View held;
    private Probes.Walk hits;

    @Setup
    public void setUp() throws Exception {
        stand = Stand.loaded(store, Home.MEMORY, data(), age);
        held = stand.store().view();
        hits = data().hits().walk();
    }

    @TearDown
    public void tearDown() throws Exception {
        held.close();
        stand.close();
    }

    @Benchmark
    public long openGetClose() throws Exception {
        try (View view = stand.store().view()) {
            return view.get(hits.next());
        }
    }

    @Benchmark
    public long getInHeld() throws Exception {
        return held.get(hits.next());
    }
}
