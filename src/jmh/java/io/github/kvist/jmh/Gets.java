// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.jmh.rival.Contender;
import io.github.kvist.jmh.rival.Home;
import io.github.kvist.jmh.rival.Rival;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Point reads of the newest commit: of keys that are there, and of keys that are not. */
public class Gets extends Workload {

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

    @Param("FRESH")
    public Age age;

    private Stand stand;
    private Probes hits;
    private Probes misses;

    /** Where a thread is in the keys to ask for. */
    @State(Scope.Thread)
    public static class Position {
        private Contender store;
        private Probes.Walk hits;
        private Probes.Walk misses;

        @Setup
        public void setUp(Gets shared) {
            store = shared.stand.store();
            hits = shared.hits.walk();
            misses = shared.misses.walk();
        }
    }

    @Setup
    public void setUp() throws Exception {
        stand = Stand.loaded(store, Home.MEMORY, data(), age);
        hits = data().hits();
        misses = data().misses();
    }

    @TearDown
    public void tearDown() throws Exception {
        stand.close();
    }

    @Benchmark
    public long hit(Position position) throws Exception {
        return position.store.get(position.hits.next());
    }

    @Benchmark
    public long miss(Position position) throws Exception {
        return position.store.get(position.misses.next());
    }
}
