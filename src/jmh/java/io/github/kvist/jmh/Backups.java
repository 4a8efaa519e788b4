// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.Kvist;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.jmh.rival.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
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

/** Commits of one put each into a store of a million entries, alone and while one backup after the other is written. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx" + Workload.HEAP)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class Backups {

    private static final Table<Long, byte[]> TABLE = Table.of("entries", Keys.int64(), Values.bytes());

    @Param({"SYNC", "OS"})
    public Durability durability;

    @Param({"false", "true"})
    public boolean backups;

    @Param("1000000")
    public int size;

    private KvStore store;
    private Path directory;
    private Thread backup;
    private volatile boolean done;
    private int written;

    @Setup
    public void setUp() throws IOException {
        directory = Scratch.directory(Home.SYNCED);
        Options options = Options.defaults().durability(durability);
        store = Kvist.open("file:" + directory.resolve("store"), options);
        store.update(tx -> {
            for (long i = 0; i < size; i++) {
                tx.in(TABLE).put(i, new byte[100]);
            }
        });
        backup = new Thread(this::backUp);
        if (backups) {
            backup.start();
        }
    }

    private void backUp() {
        Path target = directory.resolve("backup");
        try {
            while (!done) {
                store.admin().backup(target);
                Files.delete(target);
                written++;
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @TearDown
    public void tearDown() throws InterruptedException {
        done = true;
        backup.join();
        System.out.printf("%d backups were written.%n", written);
        store.close();
    }

    @Benchmark
    public void put() {
        store.in(TABLE).put((long) ThreadLocalRandom.current().nextInt(size), new byte[100]);
    }
}
