// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Moves entries of 100 bytes from memory through other systems while writers run, and prints what that took. Ends with an exception if
 * anything is lost, differs, or takes longer than it may.
 *
 * <p>What a copy is compared with is the bulk load: as many entries put into an empty store of the system, 2,000 in each transaction, by
 * one thread and with nothing else going on. The copy is timed from the start of the migration until all has been copied and all that the
 * writers committed meanwhile has been applied.
 *
 * <p>Arguments: how many entries, then the address of each system and behind it that of an empty store on the same system, to be filled
 * for comparison.
 */
final class MillionMoved {

    private static final Table<Long, byte[]> ENTRIES = Table.of("entries", Keys.int64(), Values.bytes());
    private static final Table<String, Long> COUNTS = Table.of("counts", Keys.string(), Values.int64());

    private static final int VALUE_BYTES = 100;
    private static final int BATCH = 2_000;
    private static final int WRITERS = 2;
    private static final long WRITE_PERIOD_NANOS = 2_000_000;
    private static final double SHARE_MIN = 0.5;
    private static final long PAUSE_MILLIS_MAX = 1_000;

    private final long entries;
    private final AtomicReference<KvStore> store = new AtomicReference<>();
    private final List<Writer> writers = new ArrayList<>();
    private final AtomicLong heapUsed = new AtomicLong();
    private volatile boolean stop;
    private boolean isFast = true;

    private MillionMoved(long entries) {
        this.entries = entries;
    }

    public static void main(String[] arguments) throws InterruptedException {
        MillionMoved run = new MillionMoved(Long.parseLong(arguments[0]));
        run.run(List.of(arguments).subList(1, arguments.length));
    }

    /** Overwrites entries, and counts how often, in the same transaction and beside it. */
    private final class Writer extends Thread {
        private final Random random = new Random(getName().hashCode());
        private volatile long written;

        Writer(int number) {
            super("writer-" + number);
            setDaemon(true);
        }

        @Override
        public void run() {
            while (!stop) {
                long due = System.nanoTime() + WRITE_PERIOD_NANOS;
                long key = random.nextLong(entries);
                byte[] value = value(random);
                long next = written + 1;
                store.get().update(tx -> {
                    tx.in(ENTRIES).put(key, value);
                    tx.in(COUNTS).put(getName(), next);
                });
                written = next;
                heapUsed.accumulateAndGet(
                        Runtime.getRuntime().totalMemory()
                                - Runtime.getRuntime().freeMemory(),
                        Math::max);
                // Once is not enough: a store may have left the thread a permit, with which parking ends at once.
                for (long rest = WRITE_PERIOD_NANOS; rest > 0; rest = due - System.nanoTime()) {
                    LockSupport.parkNanos(rest);
                }
            }
        }
    }

    private static byte[] value(Random random) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        return value;
    }

    private void run(List<String> addresses) throws InterruptedException {
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i += 2) {
            try (KvStore compared = Kvist.open(addresses.get(i + 1))) {
                rates.add(load(system(addresses.get(i)), compared));
            }
        }
        KvStore current = Kvist.inMemory();
        String name = "memory";
        double rate = load(name, current);
        store.set(current);
        for (int i = 0; i < WRITERS; i++) {
            Writer writer = new Writer(i);
            writers.add(writer);
            writer.start();
        }
        for (int i = 0; i < addresses.size(); i += 2) {
            String next = system(addresses.get(i));
            double nextRate = rates.get(i / 2);
            current = move(current, Kvist.open(addresses.get(i)), name + " -> " + next, Math.min(rate, nextRate));
            name = next;
            rate = nextRate;
        }
        finish(current);
    }

    private static String system(String address) {
        return address.substring(0, address.indexOf(':'));
    }

    private double load(String name, KvStore empty) {
        Random random = new Random(1);
        long began = System.nanoTime();
        for (long first = 0; first < entries; first += BATCH) {
            long from = first;
            empty.update(tx -> {
                for (long i = from; i < Math.min(entries, from + BATCH); i++) {
                    tx.in(ENTRIES).put(i, value(random));
                }
            });
        }
        double rate = entries * 1e9 / (System.nanoTime() - began);
        print("%-12s bulk load of %,d entries, without writers: %,9.0f entries/s", name, entries, rate);
        return rate;
    }

    private KvStore move(KvStore from, KvStore to, String way, double slower) throws InterruptedException {
        Migration migration = Migration.from(from).to(to);
        store.set(migration.store());
        long writtenBefore = written();
        long began = System.nanoTime();
        migration.start();
        migration.awaitCaughtUp();
        double seconds = (System.nanoTime() - began) / 1e9;
        double rate = entries / seconds;
        double writes = (written() - writtenBefore) / seconds;
        Verification beside = migration.verify();
        CutOver cut = migration.cutOver();
        Verification after = migration.verify();
        print(
                "%-24s copied and caught up at %,9.0f entries/s = %.2f of the slower side's bulk load, beside %,.0f transactions/s;"
                        + " compared in %,d ms, pause %d ms, %d differences",
                way,
                rate,
                rate / slower,
                writes,
                beside.took().toMillis(),
                cut.pause().toMillis(),
                beside.differingRanges() + after.differingRanges());
        require(beside.isClean() && after.isClean(), "nothing differs");
        require(cut.pause().toMillis() < PAUSE_MILLIS_MAX, "a short pause");
        isFast &= rate >= SHARE_MIN * slower;
        migration.finish();
        store.set(to);
        from.close();
        return to;
    }

    private long written() {
        return writers.stream().mapToLong(writer -> writer.written).sum();
    }

    private void finish(KvStore end) throws InterruptedException {
        stop = true;
        for (Writer writer : writers) {
            writer.join();
            Long counted = end.in(COUNTS).getOrNull(writer.getName());
            require(counted != null && counted == writer.written, writer.getName() + " finds its last write");
        }
        require(end.in(ENTRIES).count() == entries, "all entries are there");
        require(end.admin().verify().clean(), "the last store is whole");
        end.close();
        print(
                "%,d writes meanwhile, none lost; heap at most %,d MB of %,d MB",
                written(), heapUsed.get() >> 20, Runtime.getRuntime().maxMemory() >> 20);
        require(isFast, "no copy is much slower than the slower side loads");
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("It was to hold that: " + what + ".");
        }
    }

    private static void print(String format, Object... figures) {
        System.out.println(String.format(Locale.ROOT, format, figures));
    }
}
