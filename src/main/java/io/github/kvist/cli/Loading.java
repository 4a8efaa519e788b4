// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static io.github.kvist.cli.DemoTables.CLASSES;
import static io.github.kvist.cli.DemoTables.LOADS;

import io.github.kvist.api.KvStore;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.cli.DemoTables.Load;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The demo's first step: the classes of this JDK are in the store afterwards, from this run or from an earlier one. */
final class Loading {
    private static final int CLASSES_PER_TRANSACTION = 1_000;

    private final Screen screen;
    private final Timings timings;
    private final JdkCatalogue catalogue;

    Loading(Screen screen, Timings timings, JdkCatalogue catalogue) {
        this.screen = screen;
        this.timings = timings;
        this.catalogue = catalogue;
    }

    void run(KvStore store) {
        Load found = store.in(LOADS).getOrNull(CLASSES.name());
        if (found != null && isOfThisCatalogue(found)) {
            welcomeBack(store, found);
            return;
        }
        clearRemains(store, found);
        load(store);
    }

    private boolean isOfThisCatalogue(Load load) {
        return load.jdk().equals(jdk()) && load.classes() == catalogue.files().size();
    }

    private void welcomeBack(KvStore store, Load load) {
        long present = store.in(CLASSES).count();
        if (present != load.classes()) {
            throw new CommandFailure(
                    CommandFailure.FAILED,
                    "An earlier run stored " + load.classes() + " classes, but " + present
                            + " are there. That must not happen: please report it, with the directory.",
                    null);
        }
        screen.paragraph(
                "",
                "An earlier run loaded every class of this JDK (" + jdk() + ") at " + load.at() + ": all "
                        + Figures.number(present) + " are there, nothing to load.");
    }

    /** An earlier load may have been interrupted, or was one of another JDK. */
    private void clearRemains(KvStore store, @Nullable Load found) {
        long remains = store.in(CLASSES).count();
        if (remains == 0) {
            return;
        }
        String whose = found == null ? "a load that was interrupted" : "JDK " + found.jdk();
        screen.paragraph("", "Clearing " + Figures.counted(remains, "class", "classes") + " of " + whose + ".");
        store.update(tx -> {
            tx.in(LOADS).delete(CLASSES.name());
            tx.in(CLASSES).clear();
        });
    }

    private void load(KvStore store) {
        screen.paragraph(
                "",
                "Every class of this JDK (" + jdk()
                        + "), read from its class file: name, module, package, size, superclass "
                        + "and interfaces. As JSON, indexed by superclass, by size and by interface, "
                        + Figures.number(CLASSES_PER_TRANSACTION) + " classes to a transaction.");
        List<Path> files = catalogue.files();
        Progress progress = screen.progress("classes", files.size());
        long readNanos = 0;
        long putNanos = 0;
        int transactions = 0;
        for (int from = 0; from < files.size(); from += CLASSES_PER_TRANSACTION) {
            int to = Math.min(files.size(), from + CLASSES_PER_TRANSACTION);

            long start = System.nanoTime();
            List<JdkClass> batch =
                    files.subList(from, to).stream().map(JdkCatalogue::read).toList();
            long read = System.nanoTime();
            store.update(tx -> put(tx, batch, to == files.size()));
            long put = System.nanoTime();

            readNanos += read - start;
            putNanos += put - read;
            transactions++;
            progress.at(to);
        }
        screen.line("Loaded in " + Figures.duration(readNanos + putNanos) + ", " + transactions + " transactions.");
        timings.add("class files read", files.size(), readNanos);
        timings.add("classes put, with their entries in 3 indexes", files.size(), putNanos);
    }

    private void put(WriteTransaction tx, List<JdkClass> batch, boolean isLast) {
        TableWriter<String, JdkClass> classes = tx.in(CLASSES);
        batch.forEach(type -> classes.put(type.name(), type));
        if (isLast) {
            tx.in(LOADS)
                    .put(
                            CLASSES.name(),
                            new Load(jdk(), classes.count(), Instant.now().truncatedTo(ChronoUnit.SECONDS)));
        }
    }

    private static String jdk() {
        return Runtime.version().toString();
    }
}
