// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static io.github.kvist.cli.DemoTables.KILLED;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Pair;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.api.WriteTransaction;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The main class of the process that the demo kills: some threads load classes with one durable transaction after the other
 * and say on standard output what was acknowledged.
 */
final class DoomedLoad {
    static final int THREADS = 4;
    static final int CLASSES_PER_TRANSACTION = 20;

    /** Begins each line that acknowledges a transaction; its number, counted from 0, follows. */
    static final String ACKNOWLEDGED = "acknowledged ";

    /** So many that the parent surely comes first, and so few that an orphan soon ends. */
    private static final int TRANSACTIONS_MAX = 20_000;

    private static final TransactionOptions DURABLE =
            TransactionOptions.defaults().durability(Durability.SYNC);

    private final KvStore store;
    private final List<Path> files;
    private final AtomicInteger transactions = new AtomicInteger();

    private DoomedLoad(KvStore store, List<Path> files) {
        this.store = store;
        this.files = files;
    }

    /** Takes the address of the store. */
    public static void main(String[] args) throws Exception {
        List<Path> files = JdkCatalogue.ofThisJdk().files();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (KvStore store = StoreArgument.of(args[0]).open()) {
            DoomedLoad load = new DoomedLoad(store, files);
            for (Future<?> thread : threads.invokeAll(Collections.nCopies(THREADS, Executors.callable(load::run)))) {
                thread.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void run() {
        for (int next = transactions.getAndIncrement();
                next < TRANSACTIONS_MAX;
                next = transactions.getAndIncrement()) {
            int transaction = next;
            store.write(DURABLE, tx -> {
                load(tx, transaction);
                return null;
            });
            System.out.println(ACKNOWLEDGED + transaction);
        }
    }

    /** Goes round when the classes are used up; a name comes once in a transaction. */
    private void load(WriteTransaction tx, int transaction) {
        TableWriter<Pair<Integer, String>, JdkClass> table = tx.in(KILLED);
        for (int i = 0; i < CLASSES_PER_TRANSACTION; i++) {
            int position = (transaction * CLASSES_PER_TRANSACTION + i) % files.size();
            JdkClass type = JdkCatalogue.read(files.get(position));
            table.put(new Pair<>(transaction, type.name()), type);
        }
    }
}
