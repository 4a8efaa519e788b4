// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Sweeping;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExpirySweepTest {

    private final Swept backend = new Swept();
    private final ExpirySweep sweep = new ExpirySweep(backend, Durability.SYNC);

    @AfterEach
    void close() {
        sweep.close();
    }

    /** Tells who swept, and fails when told to. */
    private static final class Swept implements Sweeping {
        private final BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        private volatile long earliest = Stored.NEVER;
        private volatile boolean isClosed;
        private volatile @Nullable Throwable failure;
        private volatile @Nullable Durability durability;

        @Override
        public long earliestDeadline() {
            if (isClosed) {
                throw new KvException.Closed("closed");
            }
            return earliest;
        }

        @Override
        public long sweep(Predicate<String> counted, Durability asked) {
            durability = asked;
            threads.add(Thread.currentThread());
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure != null) {
                throw (RuntimeException) failure;
            }
            return counted.test("t/table") && !counted.test("i/table/index") ? 7 : 0;
        }
    }

    @Test
    void startsNoThreadWhereNothingHasADeadline() {
        sweep.consider();

        assertThat(backend.threads).isEmpty();
    }

    @Test
    void sweepsAgainAndAgainOnOneDaemonThread() throws InterruptedException {
        backend.earliest = 1;
        sweep.consider();
        sweep.consider();

        Thread first = backend.threads.take();
        assertThat(first.isDaemon()).isTrue();
        assertThat(first.getName()).isEqualTo("kvist-sweep");
        assertThat(backend.threads.take()).isSameAs(first);
        assertThat(backend.threads.take()).isSameAs(first);
        assertThat(backend.durability).isEqualTo(Durability.OS);
    }

    @Test
    void endsWhenNothingHasADeadlineAnyMoreAndBeginsAnew() throws InterruptedException {
        backend.earliest = 1;
        sweep.consider();
        Thread first = backend.threads.take();
        backend.earliest = Stored.NEVER;
        first.join();

        backend.threads.clear();
        backend.earliest = 1;
        sweep.consider();

        assertThat(backend.threads.take()).isNotSameAs(first);
    }

    @Test
    void endsWhenClosed() throws InterruptedException {
        backend.earliest = 1;
        sweep.consider();
        Thread thread = backend.threads.take();

        sweep.close();

        thread.join();
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void endsWhenTheBackendIsClosedOrFailed() throws InterruptedException {
        backend.earliest = 1;
        backend.failure = new KvException.Closed("closed");
        sweep.consider();

        Thread thread = backend.threads.take();

        thread.join();
        assertThat(backend.threads).isEmpty();
    }

    @Test
    void goesOnAfterAFailureOfSomethingElse() throws InterruptedException {
        backend.earliest = 1;
        backend.failure = new IllegalStateException("a clock that throws");
        sweep.consider();

        Thread thread = backend.threads.take();

        assertThat(backend.threads.poll(30, TimeUnit.SECONDS)).isSameAs(thread);
    }

    @Test
    void whoHasCommittedDoesNotHearThatTheStoreIsClosedMeanwhile() {
        backend.isClosed = true;

        sweep.consider();

        assertThat(backend.threads).isEmpty();
    }

    @Test
    void goesOnAfterAnError() throws InterruptedException {
        backend.earliest = 1;
        backend.failure = new OutOfMemoryError("for a moment");
        sweep.consider();

        Thread thread = backend.threads.take();

        assertThat(backend.threads.poll(30, TimeUnit.SECONDS)).isSameAs(thread);
    }

    @Test
    void countsRecordsAndNotIndexEntriesAndIsAsDurableAsTheStoreWhenAsked() {
        assertThat(sweep.now()).isEqualTo(7);
        assertThat(backend.durability).isEqualTo(Durability.SYNC);
    }
}
