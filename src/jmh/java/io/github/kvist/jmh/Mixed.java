// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.jmh.rival.Home;
import io.github.kvist.jmh.rival.Rival;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One thread that reads beside one that overwrites, each as fast as it can. */
public class Mixed extends Workload {

    @Param({
        "KVIST",
        "KVIST_FILE",
        "CONCURRENT_HASH_MAP",
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
    private Probes hits;

    /** Where a thread is in the keys. */
    @State(Scope.Thread)
    public static class Position {
        private Probes.Walk hits;
        private long round;

        @Setup
        public void setUp(Mixed shared) {
            hits = shared.hits.walk();
        }
    }

    @Setup
    public void setUp() throws Exception {
        stand = Stand.loaded(store, Home.MEMORY, data(), Age.FRESH);
        hits = data().hits();
    }

    @TearDown
    public void tearDown() throws Exception {
        stand.close();
    }

    @Benchmark
    @Group("pair")
    @GroupThreads(1)
    public long reader(Position position) throws Exception {
        return stand.store().get(position.hits.next());
    }

    @Benchmark
    @Group("pair")
    @GroupThreads(1)
    public void writer(Position position) throws Exception {
        stand.store().put(position.hits.next(), DataSet.value(position.round++, valueLength));
    }
}
