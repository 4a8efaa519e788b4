// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The log by itself: what waits for it to be written out, what a failed append leaves, and how it ends. */
final class WalFailuresTest extends OneLog {

    @Test
    void failedAppendFailsAllThatWaitsAndEverythingAfterIt() throws InterruptedException {
        storage.hold();
        storage.failFrom(0);
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        Thread leader = start(() -> failures.add(failureOf(add(Durability.SYNC))));
        awaitParked(leader);
        Thread waiter = start(() -> failures.add(failureOf(add(Durability.SYNC))));
        awaitParked(waiter);

        storage.letThrough(1);

        leader.join();
        waiter.join();
        assertThat(failures)
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(KvException.OutcomeUnknown.class)
                        .hasMessageContaining("heap storage: the log could not be written")
                        .hasMessageContaining("the disk says no")
                        .hasCauseInstanceOf(IllegalStateException.class));
        assertThat(visible).isEmpty();
        assertThat(rolledBack).hasValue(1);
        assertThat(storage.appends()).isEqualTo(1);
        assertThat(appends()).isEqualTo(Appends.NONE);
        assertUnavailable(wal::awaitRoom);
        assertUnavailable(wal::drain);
    }

    @Test
    void whoDrainsLetsOthersCommitMeanwhile() throws InterruptedException {
        storage.hold();
        Thread drainer = start(() -> {
            lock.lock();
            try {
                add(Durability.SYNC);
                wal.drain();
            } finally {
                lock.unlock();
            }
        });
        awaitParked(drainer);

        Thread writer = start(() -> wal.await(add(Durability.SYNC)));
        awaitParked(writer);
        assertThat(lock.hasQueuedThread(writer)).isFalse();
        storage.letAllThrough();

        drainer.join();
        writer.join();
        assertThat(commitsIn(storage)).containsExactly(1, 1);
    }

    @Test
    void whoWaitsForRoomLetsOthersCommitMeanwhile() throws InterruptedException {
        storage.hold();
        Thread waiter = start(() -> {
            lock.lock();
            try {
                add(Durability.SYNC, 64 * MEGABYTE);
                wal.awaitRoom();
            } finally {
                lock.unlock();
            }
        });
        awaitParked(waiter);

        Thread writer = start(() -> wal.await(add(Durability.SYNC)));
        awaitParked(writer);
        assertThat(lock.hasQueuedThread(writer)).isFalse();
        storage.letAllThrough();

        waiter.join();
        writer.join();
        assertThat(commitsIn(storage)).containsExactly(1, 1);
    }

    @Test
    void failureOfTheFrameThatIsDrainedIsTold() {
        storage.failFrom(0);
        lock.lock();
        try {
            add(Durability.SYNC);

            assertUnavailable(wal::drain);
            assertThat(lock.isHeldByCurrentThread()).isTrue();
        } finally {
            lock.unlock();
        }
    }

    @Test
    void drainWritesAllThatWaits() {
        lock.lock();
        try {
            add(Durability.MEMORY);
            add(Durability.MEMORY);

            wal.drain();

            assertThat(lock.isHeldByCurrentThread()).isTrue();
            assertThat(wal.pending()).isNull();
            assertThat(storage.frames()).isEqualTo(1);
            wal.drain();
        } finally {
            lock.unlock();
        }
        assertThat(storage.appends()).isEqualTo(1);
    }

    @Test
    void commitWaitsForRoomWhenTooMuchIsWaiting() {
        add(Durability.MEMORY, 32 * MEGABYTE);
        lock.lock();
        try {
            wal.awaitRoom();
            assertThat(storage.frames()).isZero();
            add(Durability.MEMORY, 32 * MEGABYTE);

            wal.awaitRoom();

            assertThat(lock.isHeldByCurrentThread()).isTrue();
            assertThat(wal.pending()).isNull();
        } finally {
            lock.unlock();
        }
        assertThat(commitsIn(storage).stream().mapToInt(commits -> commits).sum())
                .isEqualTo(2);
    }

    @Test
    void failureOfTheFrameThatRoomIsMadeByIsTold() {
        storage.failFrom(0);
        lock.lock();
        try {
            add(Durability.OS, 64 * MEGABYTE);

            assertUnavailable(wal::awaitRoom);
            assertThat(lock.isHeldByCurrentThread()).isTrue();
        } finally {
            lock.unlock();
        }
    }

    @Test
    void closeEndsTheThreadThatWritesLater() throws InterruptedException {
        add(Durability.MEMORY);
        awaitFrames(1);
        Thread flusher = flusher();
        assertThat(flusher).isNotNull();
        assertThat(flusher.isDaemon()).isTrue();

        wal.close();

        flusher.join();
        assertThat(flusher()).isNull();
    }

    @Test
    void threadThatWritesLaterEndsWithTheLogThatFailed() throws InterruptedException {
        storage.failFrom(0);
        lock.lock();
        Thread flusher;
        try {
            add(Durability.MEMORY);
            flusher = flusher();
            assertThat(flusher).isNotNull();
        } finally {
            lock.unlock();
        }

        flusher.join();

        assertThat(rolledBack).hasValue(1);
        assertUnavailable(wal::awaitRoom);
    }
}
