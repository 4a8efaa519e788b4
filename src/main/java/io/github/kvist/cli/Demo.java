// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static io.github.kvist.cli.DemoTables.CLASSES;
import static io.github.kvist.cli.DemoTables.KILLED;

import io.github.kvist.api.KvStore;
import io.github.kvist.api.Snapshot;

/** Shows Kvist at work on data that every JDK carries, to somebody who has never seen it. */
final class Demo {
    private static final String RUN = "mvn -q compile exec:java";

    private final Screen screen;
    private final StoreArgument address;
    private final JdkCatalogue catalogue;
    private final Timings timings = new Timings();

    Demo(Screen screen, StoreArgument address, JdkCatalogue catalogue) {
        this.screen = screen;
        this.address = address;
        this.catalogue = catalogue;
    }

    void run() {
        screen.line("Kvist demo: an embedded, transactional key-value store at work on real data.");
        screen.line("The store is " + address);

        long start = System.nanoTime();
        try (KvStore store = address.open()) {
            timings.add("store opened", System.nanoTime() - start);
            screen.heading("1. Load");
            new Loading(screen, timings, catalogue).run(store);
            screen.heading("2. Look up, in one snapshot: classes = snapshot.in(CLASSES)");
            lookUp(store);
            store.in(KILLED).clear(); // what the killed process of an earlier run left
        }
        screen.heading("3. Kill");
        if (address.isDirectory()) {
            new HardKill(screen, timings, address).run();
        } else {
            screen.line("Left out: only a store in a directory can be opened again by another process.");
        }
        screen.heading("What was done: one pass, not warmed up; docs/benchmarks.md measures");
        timings.print(screen);
        screen.heading("Try next");
        suggest();
    }

    private void lookUp(KvStore store) {
        try (Snapshot snapshot = store.snapshot()) {
            LookUps lookUps = new LookUps(screen, timings, snapshot.in(CLASSES));
            lookUps.show();
            lookUps.time();
        }
    }

    private void suggest() {
        if (address.isDirectory()) {
            screen.line("  the same again, which finds the data of this run, and kills again:");
            screen.line(
                    "      " + RUN + (address.equals(StoreArgument.DEFAULT) ? "" : " -Dexec.args=" + address.text()));
            screen.line("  the same without files:");
            screen.line("      " + RUN + " -Dexec.args=memory:");
        } else {
            screen.line("  the same in a directory, with a process that is killed:");
            screen.line("      " + RUN);
        }
        screen.line("  your own records: README.md begins with five lines to copy");
    }
}
