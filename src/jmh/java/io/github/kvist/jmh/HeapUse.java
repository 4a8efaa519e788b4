// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.jmh.rival.Contender;
import io.github.kvist.jmh.rival.Entries;
import io.github.kvist.jmh.rival.Home;
import io.github.kvist.jmh.rival.Rival;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts what a million entries take, put one by one in random order: bytes of heap, exact after collections that find nothing
 * more to free, and bytes of files. Every store in a JVM of its own; one that lives in files is counted there, with the heap
 * that its cache takes.
 *
 * <p>Options: names of stores, {@code RANDOM/8} for a key set and a length of values, a number for the entries. Without
 * them: all stores; the sets that {@code docs/benchmarks.md} shows; a million.
 */
public final class HeapUse {
    private static final List<String> SHAPES = List.of("RANDOM/8", "PATH/8", "PATH/100", "DENSE/8");

    private HeapUse() {}

    static void compare(List<String> arguments) throws IOException, InterruptedException {
        List<String> stores = new ArrayList<>();
        List<String> shapes = new ArrayList<>();
        String size = "1000000";
        for (String argument : arguments) {
            if (argument.contains("/")) {
                shapes.add(argument);
            } else if (Character.isDigit(argument.charAt(0))) {
                size = argument;
            } else {
                stores.add(Rival.valueOf(argument).name());
            }
        }
        if (stores.isEmpty()) {
            for (Rival rival : Rival.values()) {
                stores.add(rival.name());
            }
            stores.remove(Rival.BARE_LOG.name());
        }
        System.out.printf("%-20s %-12s %16s %16s%n", "store", "data", "heap B/entry", "files B/entry");
        for (String shape : shapes.isEmpty() ? SHAPES : shapes) {
            for (String store : stores) {
                count(store, shape, size);
            }
        }
    }

    private static void count(String store, String shape, String size) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + Workload.HEAP,
                "-XX:+UseParallelGC",
                Workload.OPEN_NIO,
                Workload.OPEN_CHANNELS,
                "-cp",
                System.getProperty("java.class.path"),
                HeapUse.class.getName(),
                store,
                shape,
                size);
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IllegalStateException("Counting " + store + " with " + shape + " ended with " + status + ".");
        }
    }

    public static void main(String[] args) throws Exception {
        Rival rival = Rival.valueOf(args[0]);
        String[] shape = args[1].split("/");
        int size = Integer.parseInt(args[2]);
        DataSet data = new DataSet(KeySet.valueOf(shape[0]), size, Integer.parseInt(shape[1]));

        // Fills and forgets one store first, so that classes and caches of the JVM are not counted.
        Home home = rival.isOnHeap() ? Home.MEMORY : Home.FILES;
        try (Stand warm = Stand.empty(rival, home)) {
            fill(warm.store(), data.entries(false), 1_000);
        }
        Stand stand = Stand.empty(rival, home);
        Entries entries = data.entries(false);
        long before = usedAfterCollection();
        fill(stand.store(), entries, size);
        stand.store().settle();
        long after = usedAfterCollection();

        System.out.printf(
                "%-20s %-12s %16.1f %16.1f%n",
                rival, args[1], (after - before) / (double) size, Scratch.bytes(stand.directory()) / (double) size);
        if (entries.size() != size) {
            throw new IllegalStateException("The entries must stay alive until the end, or they would count as freed.");
        }
        stand.close();
    }

    private static void fill(Contender store, Entries entries, int count) throws Exception {
        for (int i = 0; i < Math.min(count, entries.size()); i++) {
            store.put(entries.key(i), entries.value(i));
        }
    }

    private static long usedAfterCollection() throws InterruptedException {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        long used = Long.MAX_VALUE;
        for (int unchanged = 0; unchanged < 3; ) {
            memory.gc();
            Thread.sleep(50);
            long now = memory.getHeapMemoryUsage().getUsed();
            unchanged = now >= used - 1024 ? unchanged + 1 : 0;
            used = Math.min(used, now);
        }
        return used;
    }
}
