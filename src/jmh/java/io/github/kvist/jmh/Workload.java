// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What all benchmarks share: the data, a JVM of its own for every store, a heap that fits all of them, and what LMDB's adapter
 * asks for to be at its fastest.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 3,
        jvmArgsAppend = {
            "-Xms" + Workload.HEAP,
            "-Xmx" + Workload.HEAP,
            Workload.OPEN_NIO,
            Workload.OPEN_CHANNELS,
            Workload.LMDB_UNCHECKED
        })
public abstract class Workload {
    static final String HEAP = "4g";
    static final String OPEN_NIO = "--add-opens=java.base/java.nio=ALL-UNNAMED";
    static final String LMDB_UNCHECKED = "-Dlmdbjava.disable.checks=true";
    static final String OPEN_CHANNELS = "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED";

    @Param("1000000")
    public int size;

    @Param("PATH")
    public KeySet keys;

    @Param("100")
    public int valueLength;

    DataSet data() {
        return new DataSet(keys, size, valueLength);
    }
}
