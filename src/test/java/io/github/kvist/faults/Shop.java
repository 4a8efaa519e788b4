// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.Kvist;
import io.github.kvist.api.Durability;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.backend.file.FileStorage;
import io.github.kvist.backend.file.LocalFiles;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A workload whose state is a function of how many commits each of its writers has made: what a store holds after a crash can be
 * compared with what it must hold, entry by entry.
 *
 * <p>Each writer has keys of its own, a window that it goes through again and again, and one row that says how far it is. Every
 * fifth commit is of one kind: a put alone, a transaction over two tables and a counter that all share, a delete, records that
 * expire, a change of what an index is made of.
 */
final class Shop {

    static final int WRITERS = 4;

    private static final int KINDS = 5;
    private static final long WINDOW = 200;
    private static final int LINES = 3;
    private static final Instant FAR = Instant.parse("2999-01-01T00:00:00Z");

    /** "open 17" and "done 17": state, and the commit that put it there. */
    private static final Index<String, String> BY_STATE =
            Index.of("by_state", Keys.string(), order -> order.substring(0, order.indexOf(' ')));

    private static final Index<String, Long> BY_COMMIT =
            Index.unique("by_commit", Keys.int64(), line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)));

    static final Table<Long, String> ORDERS =
            Table.of("orders", Keys.int64(), Values.string()).with(BY_STATE);
    static final Table<Long, String> ITEMS =
            Table.of("items", Keys.int64(), Values.string()).with(BY_COMMIT);
    static final Table<Long, String> NOTES = Table.of("notes", Keys.int64(), Values.string());
    static final Table<Long, String> VISITS = Table.of("visits", Keys.int64(), Values.string());
    static final Table<String, Long> COUNTS = Table.of("counts", Keys.string(), Values.int64());

    private Shop() {}

    /** Opens the store with small segments and frequent checkpoints: much of what can go wrong is at their ends. */
    static KvStore open(Path directory) {
        return open(directory, Options.defaults().checkpointAfter(64 << 10));
    }

    static KvStore open(Path directory, Options options) {
        return Kvist.open(
                new FileStorage(new LocalFiles(directory), 16 << 10, 64 << 10, task -> {
                    Thread thread = new Thread(task, "prepare");
                    thread.setDaemon(true);
                    thread.start();
                }),
                options);
    }

    /** What a writer waits for: the last of them for nothing. */
    static Durability durabilityOf(int writer) {
        return writer == WRITERS - 1 ? Durability.MEMORY : writer == WRITERS - 2 ? Durability.OS : Durability.SYNC;
    }

    /** Makes a writer's commit of number {@code commit}, counted from 1. */
    static void commit(KvStore store, int writer, long commit) {
        if (commit % KINDS == 1 && durabilityOf(writer) == Durability.SYNC) {
            store.in(NOTES).put(key(writer, commit), "note " + commit); // in one call, past all transactions
            return;
        }
        store.write(TransactionOptions.defaults().durability(durabilityOf(writer)), transaction -> {
            inTransaction(transaction, writer, commit);
            return true;
        });
    }

    private static void inTransaction(WriteTransaction transaction, int writer, long commit) {
        long key = key(writer, commit);
        transaction.in(COUNTS).put("writer " + writer, commit);
        switch ((int) (commit % KINDS)) {
            case 1 -> transaction.in(NOTES).put(key, "note " + commit);
            case 2 -> {
                transaction.in(ORDERS).put(key, "open " + commit);
                for (int i = 0; i < LINES; i++) {
                    transaction.in(ITEMS).put(key * LINES + i, "item " + (key(writer, commit) * LINES + i));
                }
                transaction.in(COUNTS).compute("orders", count -> count == null ? 1L : count + 1);
            }
            case 3 -> {
                transaction.in(NOTES).delete(key(writer, commit - 2));
                transaction
                        .in(ITEMS)
                        .deleteRange(KeyRange.closed(
                                key(writer, commit - 11) * LINES, key(writer, commit - 11) * LINES + LINES - 1));
            }
            case 4 -> {
                transaction.in(VISITS).put(key, "stays " + commit, Expiry.at(FAR));
                transaction
                        .in(VISITS)
                        .put(-key, "goes " + commit, Expiry.at(Instant.now().plusMillis(20)));
            }
            default -> transaction.in(ORDERS).put(key(writer, commit - 3), "done " + commit);
        }
    }

    static long key(int writer, long commit) {
        return writer * WINDOW + Math.floorMod(commit, WINDOW) + 1;
    }

    /** What the writers' tables hold after so many commits of each. */
    static final class Model {
        private final long[] commits = new long[WRITERS];
        private final Map<String, Map<Long, String>> tables = new HashMap<>();
        private long orders;

        Model() {
            for (Table<Long, String> table : java.util.List.of(ORDERS, ITEMS, NOTES, VISITS)) {
                tables.put(table.name(), new TreeMap<>());
            }
        }

        long commits(int writer) {
            return commits[writer];
        }

        void advance(int writer, long to) {
            while (commits[writer] < to) {
                apply(writer, ++commits[writer]);
            }
        }

        private void apply(int writer, long commit) {
            long key = key(writer, commit);
            switch ((int) (commit % KINDS)) {
                case 1 -> of(NOTES).put(key, "note " + commit);
                case 2 -> {
                    of(ORDERS).put(key, "open " + commit);
                    for (int i = 0; i < LINES; i++) {
                        of(ITEMS).put(key * LINES + i, "item " + (key * LINES + i));
                    }
                    orders++;
                }
                case 3 -> {
                    of(NOTES).remove(key(writer, commit - 2));
                    for (int i = 0; i < LINES; i++) {
                        of(ITEMS).remove(key(writer, commit - 11) * LINES + i);
                    }
                }
                case 4 -> of(VISITS).put(key, "stays " + commit);
                default -> of(ORDERS).put(key(writer, commit - 3), "done " + commit);
            }
        }

        Map<Long, String> of(Table<Long, String> table) {
            return tables.get(table.name());
        }

        long orders() {
            return orders;
        }
    }
}
