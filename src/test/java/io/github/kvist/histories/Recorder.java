// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

import io.github.kvist.api.Isolation;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.testkit.Anomaly;
import io.github.kvist.testkit.Anomaly.Kind;
import io.github.kvist.testkit.History;
import io.github.kvist.testkit.History.End;
import io.github.kvist.testkit.History.Transaction;
import io.github.kvist.testkit.HistoryChecker;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs transactions on a store and writes down what each of them saw and did, and how it ended. The store may be closed, lost and opened
 * again meanwhile: the history goes on. Safe for any number of threads.
 */
public final class Recorder {

    /** What a transaction does; it may be run more than once. */
    interface Work<T> {
        void run(T tx, Notes notes);
    }

    private interface Attempt {
        End run(Notes notes);
    }

    private final History history = new History();
    private final Queue<Anomaly> found = new ConcurrentLinkedQueue<>();
    private final AtomicInteger elements = new AtomicInteger();
    private final AtomicInteger names = new AtomicInteger();
    private final TransactionOptions options;
    private final JumpingClock clock = new JumpingClock();
    private volatile @Nullable KvStore store;
    private volatile boolean broken;

    public Recorder(Isolation isolation) {
        this.options = TransactionOptions.defaults().isolation(isolation);
    }

    /** The clock that the stores are to go by. */
    public JumpingClock clock() {
        return clock;
    }

    /** From now on transactions run on this store. */
    public void use(KvStore store) {
        this.store = store;
        this.broken = false;
    }

    private KvStore store() {
        return Objects.requireNonNull(store);
    }

    /** Whether the store has refused to serve, so that it has to be opened again. */
    boolean isBroken() {
        return broken;
    }

    /** An element that nobody has written yet. */
    int fresh() {
        return elements.incrementAndGet();
    }

    /** Notes what no view may show. */
    void found(Kind kind, String details) {
        found.add(new Anomaly(kind, details));
    }

    /** Reads all that a workload wrote, which a history has to end with: what nobody reads is not checked. */
    public void readAll(Workload workload) {
        snapshot((tx, notes) -> workload.readAll(this, tx, notes));
    }

    /** What is wrong with all that was recorded. */
    public List<Anomaly> check(Isolation level) {
        List<Anomaly> all = new ArrayList<>(found);
        all.addAll(HistoryChecker.check(history, level));
        return all;
    }

    /** How many transactions there were so far. */
    int recorded() {
        return names.get();
    }

    /** How many transactions ended so. */
    public long ended(End end) {
        return history.transactions().stream()
                .filter(transaction -> transaction.end() == end)
                .count();
    }

    /** A transaction that writes, in one of the ways in which there may be some; now and then it is rolled back. */
    void write(Random random, Work<? super WriteTransaction> work) {
        if (random.nextInt(3) == 0) {
            record(notes -> {
                store().write(options, tx -> {
                    notes.restart();
                    work.run(tx, notes);
                    return 0;
                });
                return End.COMMITTED;
            });
        } else {
            begin(random, work);
        }
    }

    /** The same, begun and committed explicitly. */
    void begin(Random random, Work<? super WriteTransaction> work) {
        boolean rollsBack = random.nextInt(20) == 0;
        record(notes -> {
            try (WriteTransaction tx = clock.open(notes, true, () -> store().begin(options))) {
                work.run(tx, notes);
                if (rollsBack) {
                    return End.ABORTED;
                }
                tx.commit();
                return End.COMMITTED;
            }
        });
    }

    /** A transaction that only reads, in one of the ways in which there may be some. */
    void read(Random random, Work<? super ReadTransaction> work) {
        if (random.nextBoolean()) {
            record(notes -> {
                store().read(tx -> {
                    notes.restart();
                    work.run(tx, notes);
                    return 0;
                });
                return End.COMMITTED;
            });
        } else {
            snapshot(work);
        }
    }

    /** Reads a snapshot twice: the second time it must show what it showed the first time. */
    void snapshot(Work<? super ReadTransaction> work) {
        record(notes -> {
            try (Snapshot snapshot = clock.open(notes, false, () -> store().snapshot())) {
                work.run(snapshot, notes);
                Thread.yield();
                work.run(snapshot, notes);
            }
            return End.COMMITTED;
        });
    }

    /** One operation, which is its own transaction. */
    void single(Work<? super KvStore> operation) {
        record(notes -> {
            operation.run(store(), notes);
            return End.COMMITTED;
        });
    }

    private void record(Attempt attempt) {
        Notes notes = new Notes();
        End end;
        try {
            end = attempt.run(notes);
        } catch (KvException.Conflict | KvException.UniqueViolation refused) {
            end = End.ABORTED;
        } catch (KvException.OutcomeUnknown unknown) {
            broken = true;
            end = End.UNKNOWN;
        } catch (KvException.Unavailable | KvException.Closed refused) {
            broken = true;
            end = End.ABORTED;
        }
        String name = "T" + names.incrementAndGet();
        history.add(new Transaction(name, notes.began(), System.nanoTime(), end, notes.steps()));
    }
}
