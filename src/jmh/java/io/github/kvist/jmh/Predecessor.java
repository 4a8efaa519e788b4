// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.jmh.rival.Contender;
import io.github.kvist.jmh.rival.Entries;
import io.github.kvist.jmh.rival.Home;
import io.github.kvist.jmh.rival.Rival;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The process that wrote a store before the one that is measured opens it: fills it in transactions of {@value #BATCH}
 * entries, overwrites a tenth of it one by one, and ends. What it left is kept, and copied for the next fork.
 */
public final class Predecessor {
    private static final int BATCH = 1_000;
    private static final String KEPT = "kept-";

    private Predecessor() {}

    /** Fills {@code directory}, which is empty, from other JVMs, so that this one meets neither the store nor its data. */
    static void leave(Rival rival, Ending ending, DataSet data, Path directory) throws Exception {
        String name = KEPT + "%s-%s-%s-%d-%d".formatted(rival, ending, data.keys(), data.size(), data.valueLength());
        Path kept = directory.resolveSibling(name);
        if (!Files.exists(kept)) {
            Path unfinished = Files.createDirectory(kept.resolveSibling(name + ".unfinished"));
            run(
                    "fill",
                    unfinished.toString(),
                    rival.name(),
                    ending.name(),
                    data.keys().name(),
                    Integer.toString(data.size()),
                    Integer.toString(data.valueLength()));
            Files.move(unfinished, kept);
        }
        run("copy", kept.toString(), directory.toString());
    }

    /** Throws away what earlier runs kept: the code that wrote it may have changed. */
    static void forget() throws IOException {
        Path parent = Files.createDirectories(Scratch.parent(Home.FILES));
        try (Stream<Path> children = Files.list(parent)) {
            children.filter(child -> child.getFileName().toString().startsWith(KEPT))
                    .forEach(Scratch::delete);
        }
    }

    private static void run(String... arguments) throws IOException, InterruptedException {
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + Workload.HEAP,
                Workload.OPEN_NIO,
                Workload.OPEN_CHANNELS,
                "-cp",
                System.getProperty("java.class.path"),
                Predecessor.class.getName());
        List<String> command =
                Stream.concat(java.stream(), Stream.of(arguments)).toList();
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IllegalStateException(
                    "The process to " + arguments[0] + " " + arguments[1] + " ended with " + status + ".");
        }
    }

    public static void main(String[] args) throws Exception {
        Path first = Path.of(args[1]);
        if (args[0].equals("copy")) {
            copy(first, Path.of(args[2]));
            return;
        }
        DataSet data = new DataSet(KeySet.valueOf(args[4]), Integer.parseInt(args[5]), Integer.parseInt(args[6]));
        Contender store = Rival.valueOf(args[2]).open(Home.FILES, first);
        fill(store, data);
        if (Ending.valueOf(args[3]) == Ending.CLOSED) {
            store.close();
        }
        Runtime.getRuntime().halt(0);
    }

    private static void fill(Contender store, DataSet data) throws Exception {
        Entries all = data.entries(false);
        for (int first = 0; first < all.size(); first += BATCH) {
            store.load(part(all, first, Math.min(BATCH, all.size() - first)));
        }
        for (int i = 0; i < all.size() / 10; i++) {
            store.put(all.key(i), all.value(i));
        }
    }

    private static Entries part(Entries all, int first, int size) {
        return new Entries() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public byte[] key(int position) {
                return all.key(first + position);
            }

            @Override
            public byte[] value(int position) {
                return all.value(first + position);
            }
        };
    }

    /** Copies all files and forces them, so that writing them back does not disturb what follows. */
    private static void copy(Path source, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                    try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                        channel.force(true);
                    }
                }
            }
        }
    }
}
