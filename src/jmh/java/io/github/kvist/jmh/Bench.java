// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs benchmarks: {@code quick}, {@code full} and {@code smoke} are sets of their own, {@code heap} counts bytes per entry,
 * {@code table} shows result files, anything else is for JMH. Unless told otherwise by {@code -jvmArgsPrepend}, the measured
 * JVMs use the parallel collector.
 */
public final class Bench {
    private static final String COLLECTOR = "-XX:+UseParallelGC";

    private Bench() {}

    public static void main(String[] args) throws Exception {
        Predecessor.forget();
        List<String> rest = new ArrayList<>(Arrays.asList(args));
        String first = rest.isEmpty() ? "quick" : rest.get(0);
        switch (first) {
            case "full" -> FullSet.run(rest.subList(1, rest.size()));
            case "table" -> Tables.print(rest.subList(1, rest.size()));
            case "heap" -> HeapUse.compare(rest.subList(1, rest.size()));
            case "quick" -> run(quick(options(rest.subList(Math.min(1, rest.size()), rest.size()))));
            case "smoke" ->
                System.out.printf("%d benchmarks ran once.%n", run(smoke(options(rest.subList(1, rest.size())))));
            default -> org.openjdk.jmh.Main.main(withCollector(rest));
        }
    }

    private static String[] withCollector(List<String> jmhArguments) {
        List<String> all = new ArrayList<>(jmhArguments);
        if (!all.contains("-jvmArgsPrepend")) {
            all.addAll(List.of("-jvmArgsPrepend", COLLECTOR));
        }
        return all.toArray(String[]::new);
    }

    private static ChainedOptionsBuilder options(List<String> jmhArguments) throws Exception {
        return new OptionsBuilder()
                .parent(new CommandLineOptions(withCollector(jmhArguments)))
                .shouldFailOnError(true);
    }

    /** Gets of the main contenders, in about two minutes. */
    private static ChainedOptionsBuilder quick(ChainedOptionsBuilder options) {
        return options.include("Gets\\.hit")
                .param("store", "KVIST", "CONCURRENT_HASH_MAP", "SKIP_LIST_MAP", "MVSTORE", "LMDB", "ROCKSDB")
                .forks(1)
                .warmupIterations(3)
                .measurementIterations(5);
    }

    /** Everything once, on next to no data, in this JVM: shows that it runs, not how fast. */
    private static ChainedOptionsBuilder smoke(ChainedOptionsBuilder options) {
        return options.param("size", "1000")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(20))
                .verbosity(VerboseMode.SILENT);
    }

    private static int run(ChainedOptionsBuilder options) throws Exception {
        return new Runner(options.build()).run().size();
    }
}
