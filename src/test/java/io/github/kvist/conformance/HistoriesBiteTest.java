// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.Durability;
import io.github.kvist.api.Isolation;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Unchanged;
import io.github.kvist.backend.View;
import io.github.kvist.histories.Recorder;
import io.github.kvist.histories.Workload;
import io.github.kvist.histories.Workloads;
import io.github.kvist.testkit.Anomaly;
import io.github.kvist.testkit.Anomaly.Kind;
import io.github.kvist.testkit.HeapStorage;
import io.github.kvist.testkit.ReferenceBackend;
import java.time.Duration;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Histories of stores with one bug each are found to be wrong, and the anomaly has its name. */
@Timeout(120)
final class HistoriesBiteTest {

    private static final int TRIES = 40;
    private static final int THREADS = 4;
    private static final int STEPS = 60;

    /** A store with a bug. */
    private interface Wrong {
        Backend backend(ReferenceBackend right);
    }

    /** Everything that was found wrong with histories of the store, until one of them showed {@code expected}. */
    private static Set<Kind> found(Workloads kind, Wrong wrong, Kind expected) throws Exception {
        Set<Kind> found = EnumSet.noneOf(Kind.class);
        for (int i = 0; i < TRIES && !found.contains(expected); i++) {
            Workload workload = kind.workload();
            Recorder recorder = new Recorder(Isolation.SERIALIZABLE);
            Options options = Options.defaults().clock(recorder.clock());
            ReferenceBackend right = new ReferenceBackend().reopened(recorder.clock());
            try (KvStore store = Kvist.open(wrong.backend(right), options)) {
                recorder.use(store);
                workload.prepare(recorder);
                workload.run(recorder, THREADS, STEPS, i);
                recorder.readAll(workload);
            }
            recorder.check(Isolation.SERIALIZABLE).stream().map(Anomaly::kind).forEach(found::add);
        }
        return found;
    }

    private static void assertCaught(Workloads kind, Wrong wrong, Kind expected) throws Exception {
        assertThat(found(kind, wrong, expected)).contains(expected);
    }

    private static boolean isIndex(Keyspace keyspace) {
        return keyspace.name().startsWith("i/");
    }

    private static Commit with(Commit commit, @Nullable Unchanged unchanged, List<? extends Operation> operations) {
        return new Commit(commit.conditions(), unchanged, operations, commit.durability());
    }

    /** Commits something else than it is told to, late enough for others to come in between. */
    private static WrongBackend committing(ReferenceBackend right, UnaryOperator<Commit> wrong) {
        return new WrongBackend(right) {
            @Override
            public long commit(Commit commit) {
                LockSupport.parkNanos(50_000);
                return super.commit(wrong.apply(commit));
            }
        };
    }

    /** One in so many calls goes wrong. */
    private static final class Now {
        private final int often;
        private final AtomicInteger calls = new AtomicInteger();

        Now(int often) {
            this.often = often;
        }

        boolean goesWrong() {
            return calls.incrementAndGet() % often == 0;
        }
    }

    @Test
    void nothingIsFoundOfAStoreThatIsRight() throws Exception {
        for (Workloads kind : Workloads.values()) {
            Workload workload = kind.workload();
            Recorder recorder = new Recorder(Isolation.SERIALIZABLE);
            ReferenceBackend right = new ReferenceBackend().reopened(recorder.clock());
            try (KvStore store = Kvist.open(right, Options.defaults().clock(recorder.clock()))) {
                recorder.use(store);
                workload.prepare(recorder);
                workload.run(recorder, THREADS, STEPS, 1);
                recorder.readAll(workload);
            }
            assertThat(recorder.check(Isolation.SERIALIZABLE)).as(kind.name()).isEmpty();
        }
    }

    @Test
    void aCommitThatWasTakenBackAndIsThere() throws Exception {
        Now now = new Now(9);
        Wrong wrong = right -> new WrongBackend(right) {
            @Override
            public long commit(Commit commit) {
                long revision = super.commit(commit);
                if (commit.operations().size() > 1 && now.goesWrong()) {
                    throw new KvException.Conflict("Nothing was written, they say.");
                }
                return revision;
            }
        };

        assertCaught(Workloads.REGISTERS, wrong, Kind.ABORTED_READ);
        assertCaught(Workloads.LISTS, wrong, Kind.ABORTED_READ);
    }

    @Test
    void transactionsThatAreNotCheckedForWhatTheyRead() throws Exception {
        Wrong wrong = right -> committing(right, commit -> with(commit, null, commit.operations()));

        assertCaught(Workloads.REGISTERS, wrong, Kind.LOST_UPDATE);
        assertCaught(Workloads.LISTS, wrong, Kind.LOST_UPDATE);
        assertCaught(Workloads.BANK, wrong, Kind.LOST_UPDATE);
    }

    @Test
    void operationsWhoseConditionsAreNotChecked() throws Exception {
        Wrong wrong = right ->
                committing(right, commit -> new Commit(List.of(), null, commit.operations(), commit.durability()));

        assertCaught(Workloads.COUNTERS, wrong, Kind.LOST_UPDATE);
    }

    @Test
    void transactionsThatAreCheckedOnlyForWhatTheyWrite() throws Exception {
        Wrong wrong = right -> committing(right, commit -> with(commit, ofWritten(commit), commit.operations()));

        assertCaught(Workloads.ON_CALL, wrong, Kind.WRITE_SKEW);
        assertCaught(Workloads.ON_CALL, wrong, Kind.BROKEN_INVARIANT);
        assertCaught(Workloads.LISTS, wrong, Kind.WRITE_SKEW);
    }

    private static @Nullable Unchanged ofWritten(Commit commit) {
        Unchanged all = commit.unchanged();
        if (all == null) {
            return null;
        }
        List<Range> written = commit.operations().stream()
                .map(operation -> Range.of(operation.keyspace(), operation.key()))
                .toList();
        return new Unchanged(all.since(), all.instant(), written);
    }

    @Test
    void readersThatAreShownAnOlderState() throws Exception {
        Wrong wrong = right -> {
            Now now = new Now(50);
            Deque<View> older = new ConcurrentLinkedDeque<>();
            return WrongBackend.showing(right, view -> {
                older.add(right.view());
                View old = older.size() > 5 ? older.remove() : view;
                return now.goesWrong() ? old : view;
            });
        };

        assertCaught(Workloads.REGISTERS, wrong, Kind.STALE_READ);
        assertCaught(Workloads.BANK, wrong, Kind.STALE_READ);
    }

    @Test
    void viewsThatGoOnWithTheStore() throws Exception {
        Wrong wrong = backend -> WrongBackend.showing(backend, view -> new WrongView(view) {
            @Override
            public @Nullable Stored get(Keyspace keyspace, byte[] key) {
                try (View newest = backend.view()) {
                    return newest.get(keyspace, key);
                }
            }
        });

        assertCaught(Workloads.REGISTERS, wrong, Kind.INTERNAL);
    }

    @Test
    void commitsThatAreSeenHalfDone() throws Exception {
        Wrong wrong = right -> new WrongBackend(right) {
            @Override
            public synchronized long commit(Commit commit) {
                int size = commit.operations().size();
                if (size < 2) {
                    return super.commit(commit);
                }
                super.commit(
                        with(commit, commit.unchanged(), commit.operations().subList(0, 1)));
                Thread.yield();
                return super.commit(
                        new Commit(List.of(), null, commit.operations().subList(1, size), commit.durability()));
            }
        };

        assertCaught(Workloads.REGISTERS, wrong, Kind.READ_SKEW);
        assertCaught(Workloads.BANK, wrong, Kind.BROKEN_INVARIANT);
    }

    @Test
    void aUniqueIndexThatIsNotPartOfTheTransaction() throws Exception {
        Wrong wrong = right -> committing(
                right,
                commit -> new Commit(
                        commit.conditions().stream()
                                .filter(condition -> !isIndex(condition.keyspace()))
                                .toList(),
                        withoutIndexes(commit.unchanged()),
                        commit.operations(),
                        commit.durability()));

        assertCaught(Workloads.OWNERS, wrong, Kind.TWO_OWNERS);
    }

    private static @Nullable Unchanged withoutIndexes(@Nullable Unchanged unchanged) {
        return unchanged == null
                ? null
                : new Unchanged(
                        unchanged.since(),
                        unchanged.instant(),
                        unchanged.ranges().stream()
                                .filter(range -> !isIndex(range.keyspace()))
                                .toList());
    }

    @Test
    void anIndexThatKeepsWhatIsGone() throws Exception {
        Wrong wrong = right -> WrongBackend.forgetting(
                right, operation -> operation instanceof Operation.Delete && isIndex(operation.keyspace()));

        Set<Kind> found = found(Workloads.OWNERS, wrong, Kind.BROKEN_INVARIANT);

        assertThat(found).containsAnyOf(Kind.BROKEN_INVARIANT, Kind.TWO_OWNERS);
    }

    @Test
    void entriesThatOutliveTheirTime() throws Exception {
        UnaryOperator<Operation> forever = operation -> operation instanceof Operation.Put put
                ? new Operation.Put(put.keyspace(), put.key(), put.value(), Stored.NEVER, put.version())
                : operation;
        Wrong wrong = right -> WrongBackend.changing(
                right, operations -> operations.stream().map(forever).toList());

        assertCaught(Workloads.LEASES, wrong, Kind.WRONG_LIFETIME);
    }

    @Test
    void deadlinesThatAreJudgedByAnotherClock() throws Exception {
        for (Duration wrong : List.of(Duration.ofMillis(-300), Duration.ofMillis(1500))) {
            Recorder recorder = new Recorder(Isolation.SERIALIZABLE);
            Options options =
                    Options.defaults().clock(() -> recorder.clock().instant().plus(wrong));

            assertThat(onTheEngine(Workloads.LEASES, recorder, options)).contains(Kind.WRONG_LIFETIME);
        }
    }

    @Test
    void snapshotIsolationThatIsTakenForMore() throws Exception {
        Set<Kind> found = EnumSet.noneOf(Kind.class);
        for (int i = 0; i < TRIES && !found.contains(Kind.WRITE_SKEW); i++) {
            found.addAll(onTheEngine(Workloads.ON_CALL, new Recorder(Isolation.SNAPSHOT), Options.defaults()));
        }

        assertThat(found).contains(Kind.WRITE_SKEW);
    }

    private static Set<Kind> onTheEngine(Workloads kind, Recorder recorder, Options options) throws Exception {
        Workload workload = kind.workload();
        try (KvStore store = Kvist.open("memory:", options)) {
            recorder.use(store);
            workload.prepare(recorder);
            workload.run(recorder, THREADS, 4 * STEPS, 1);
            recorder.readAll(workload);
        }
        Set<Kind> found = EnumSet.noneOf(Kind.class);
        recorder.check(Isolation.SERIALIZABLE).stream().map(Anomaly::kind).forEach(found::add);
        return found;
    }

    @Test
    void commitsThatArePromisedAndLostWhenTheStoreIsOpenedAgain() throws Exception {
        Set<Kind> found = EnumSet.noneOf(Kind.class);
        for (int i = 0; i < TRIES && !found.contains(Kind.LOST_UPDATE); i++) {
            Workload workload = Workloads.REGISTERS.workload();
            Recorder recorder = new Recorder(Isolation.SERIALIZABLE);
            HeapStorage storage = new HeapStorage();
            Options unsafe = Options.defaults().durability(Durability.OS);
            for (int part = 0; part < 3; part++) {
                KvStore store = Kvist.open(storage, unsafe);
                recorder.use(store);
                workload.run(recorder, THREADS, STEPS, i + part);
                storage = storage.afterCrash();
                store.close();
            }
            try (KvStore store = Kvist.open(storage, unsafe)) {
                recorder.use(store);
                recorder.readAll(workload);
            }
            recorder.check(Isolation.SERIALIZABLE).stream().map(Anomaly::kind).forEach(found::add);
        }
        assertThat(found).contains(Kind.LOST_UPDATE);
    }
}
