// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.jmh.rival.Contender;
import io.github.kvist.jmh.rival.Home;
import io.github.kvist.jmh.rival.Rival;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From nothing to the first value: opening a store that another process left, in a JVM that never saw one. Its files are in
 * the page cache.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 7,
        jvmArgsAppend = {"-Xmx" + Workload.HEAP, Workload.OPEN_NIO, Workload.OPEN_CHANNELS, Workload.LMDB_UNCHECKED})
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class Opens extends Workload {

    @Param({"KVIST", "MVSTORE", "MAPDB", "XODUS", "LMDB", "ROCKSDB", "BERKELEY_DB", "SQLITE"})
    public Rival store;

    @Param({"CLOSED", "KILLED"})
    public Ending ending;

    private Path directory;
    private byte[] key;
    private Contender opened;

    @Setup
    public void setUp() throws Exception {
        directory = Scratch.directory(Home.FILES);
        Predecessor.leave(store, ending, data(), directory);
        key = keys.key(size / 2);
    }

    @Benchmark
    public long openAndGet() throws Exception {
        opened = store.open(Home.FILES, directory);
        long found = opened.get(key);
        if (found == Contender.ABSENT) {
            throw new IllegalStateException(store + " lost an entry that it had committed.");
        }
        return found;
    }

    @TearDown
    public void tearDown() throws Exception {
        opened.close();
    }
}
