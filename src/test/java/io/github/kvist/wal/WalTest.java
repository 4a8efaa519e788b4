// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Durability;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The log by itself: which commits share a frame, how durable it is, and when they become visible. */
final class WalTest extends OneLog {

    @Test
    void commitIsVisibleOnlyWhenItIsWritten() throws InterruptedException {
        storage.hold();
        Thread writer = start(() -> wal.await(add(Durability.SYNC)));
        awaitParked(writer);
        assertThat(visible).isEmpty();

        storage.letThrough(1);

        writer.join();
        assertThat(visible).containsExactly(1L);
        assertThat(storage.afterCrash().frames()).isEqualTo(1);
    }

    @Test
    void commitsThatWaitShareOneFrameAndShowTheNewestOnly() {
        Batch<Long> first = add(Durability.OS);
        Batch<Long> second = add(Durability.SYNC);
        Batch<Long> third = add(Durability.MEMORY);
        assertThat(second).isSameAs(first).isSameAs(third);

        wal.await(first);

        assertThat(visible).containsExactly(3L);
        assertThat(commitsIn(storage)).containsExactly(3);
        assertThat(appends()).isEqualTo(new Appends(1, 1, 3, 3));
    }

    @Test
    void frameIsAsDurableAsTheMostCarefulOfItsCommits() {
        wal.await(add(Durability.OS));
        assertThat(storage.afterCrash().frames()).isZero();
        Batch<Long> batch = add(Durability.SYNC);
        add(Durability.OS);

        wal.await(batch);

        assertThat(storage.afterCrash().frames()).isEqualTo(2);
        assertThat(appends()).isEqualTo(new Appends(2, 1, 3, 2));
    }

    @Test
    void commitThatWantsNothingIsVisibleAtOnceAndWrittenALittleLater() {
        storage.hold();

        assertThat(add(Durability.MEMORY)).isNull();

        assertThat(visible).containsExactly(1L);
        storage.letAllThrough();
        awaitFrames(1);
        assertThat(add(Durability.MEMORY)).isNull();
        awaitFrames(2);
        assertThat(storage.afterCrash().frames()).isZero();
    }

    @Test
    void commitsThatWantNothingAreGatheredForAMoment() {
        lock.lock();
        try {
            for (int i = 0; i < 100; i++) {
                assertThat(add(Durability.MEMORY)).isNull();
            }
        } finally {
            lock.unlock();
        }

        awaitFrames(1);

        assertThat(commitsIn(storage)).containsExactly(100);
    }

    @Test
    void flushMakesDurableWhatWantedNothing() {
        lock.lock(); // so that the thread that writes later is not the first
        try {
            add(Durability.MEMORY);
            add(Durability.MEMORY);
            wal.flush(Durability.SYNC);
        } finally {
            lock.unlock();
        }

        assertThat(storage.afterCrash().frames()).isEqualTo(1);
        assertThat(appends()).isEqualTo(new Appends(1, 1, 2, 2));
    }

    @Test
    void weakerFlushMakesNothingWeaker() {
        add(Durability.SYNC);

        wal.flush(Durability.OS);

        assertThat(storage.afterCrash().frames()).isEqualTo(1);
    }

    @Test
    void flushOfNothingWritesNothing() {
        wal.flush(Durability.SYNC);

        assertThat(storage.appends()).isZero();
        assertThat(appends()).isEqualTo(Appends.NONE);
    }

    @Test
    void flushWaitsForTheFrameUnderWay() throws InterruptedException {
        storage.hold();
        Thread writer = start(() -> wal.await(add(Durability.SYNC)));
        awaitParked(writer);
        AtomicBoolean flushed = new AtomicBoolean();
        Thread flusher = start(() -> {
            wal.flush(Durability.SYNC);
            flushed.set(storage.frames() == 1);
        });
        awaitParked(flusher);

        storage.letAllThrough();

        flusher.join();
        writer.join();
        assertThat(flushed).isTrue();
    }

    @Test
    void waitersOfTheNextFrameTakeTurnsAtLeading() throws InterruptedException {
        storage.hold();
        Thread leader = start(() -> wal.await(add(Durability.SYNC)));
        awaitParked(leader);
        Thread[] next = new Thread[3];
        for (int i = 0; i < next.length; i++) {
            next[i] = start(() -> wal.await(add(Durability.SYNC)));
            awaitParked(next[i]);
        }
        assertThat(visible).isEmpty();

        storage.letThrough(1);
        leader.join();
        assertThat(visible).containsExactly(1L);
        storage.letThrough(1);

        for (Thread thread : next) {
            thread.join();
        }
        assertThat(visible).containsExactly(1L, 4L);
        assertThat(commitsIn(storage)).containsExactly(1, 3);
        assertThat(appends()).isEqualTo(new Appends(2, 2, 4, 3));
        storage.letAllThrough();
        wal.await(add(Durability.SYNC));
        assertThat(visible).containsExactly(1L, 4L, 5L);
    }

    @Test
    void interruptOfAWaiterIsKeptAndChangesNothing() throws InterruptedException {
        storage.hold();
        Thread leader = start(() -> wal.await(add(Durability.SYNC)));
        awaitParked(leader);
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread waiter = start(() -> {
            wal.await(add(Durability.SYNC));
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        awaitParked(waiter);

        waiter.interrupt();
        storage.letAllThrough();

        waiter.join();
        leader.join();
        assertThat(interrupted).isTrue();
        assertThat(visible).containsExactly(1L, 2L);
    }

    @Test
    void waiterThatNobodyInterruptedIsNotInterrupted() {
        wal.await(add(Durability.SYNC));

        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void bufferIsUsedAgainUnlessItHasGrownLarge() {
        byte[] first = buffer();
        wal.await(add(Durability.SYNC));
        wal.await(add(Durability.SYNC));
        assertThat(buffer()).isSameAs(first);

        wal.await(add(Durability.SYNC, 5 * MEGABYTE));
        wal.await(add(Durability.SYNC));
        assertThat(buffer().length).isLessThan(MEGABYTE);
        assertThat(commitsIn(storage)).containsExactly(1, 1, 1, 1);
    }
}
