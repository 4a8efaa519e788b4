// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.format.CommitReader;
import io.github.kvist.testkit.HeapStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The log by itself: which commits share a frame, when they become visible, and what a failed append leaves. */
@Timeout(20)
final class WalTest {
    private static final int MEGABYTE = 1 << 20;

    private final HeapStorage storage = new HeapStorage();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Long> visible = new CopyOnWriteArrayList<>();
    private final AtomicInteger rolledBack = new AtomicInteger();
    private final Wal<Long> wal = new Wal<>(storage, lock, visible::add, rolledBack::incrementAndGet);
    private final List<Thread> started = new ArrayList<>();
    private long revision;

    @AfterEach
    void close() throws InterruptedException {
        storage.letAllThrough();
        wal.close();
        for (Thread thread : started) {
            thread.join();
        }
    }

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
    void bufferIsUsedAgainUnlessItHasGrownLarge() {
        byte[] first = buffer();
        wal.await(add(Durability.SYNC));
        wal.await(add(Durability.SYNC));
        assertThat(buffer()).isSameAs(first);

        wal.await(add(Durability.SYNC, 5 * MEGABYTE));
        wal.await(add(Durability.SYNC));
        assertThat(buffer().length).isLessThan(MEGABYTE);
        assertThat(storage.frames()).isEqualTo(4);
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

    private Batch<Long> add(Durability durability) {
        return add(durability, 1);
    }

    private Batch<Long> add(Durability durability, int bytes) {
        lock.lock();
        try {
            revision++;
            wal.reserve(durability);
            wal.writer().startCommit(1, revision);
            wal.writer().put(1, new byte[] {1}, new byte[bytes], 0, bytes, revision, Long.MAX_VALUE);
            wal.writer().endCommit();
            return wal.add(revision, revision, durability);
        } finally {
            lock.unlock();
        }
    }

    private Throwable failureOf(Batch<Long> batch) {
        try {
            wal.await(batch);
            return new AssertionError("it did not fail");
        } catch (RuntimeException e) {
            return e;
        }
    }

    private static void assertUnavailable(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(KvException.Unavailable.class)
                .hasMessageContaining("heap storage: an earlier write of the log failed")
                .hasMessageContaining("the disk says no")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    private Appends appends() {
        lock.lock();
        try {
            return wal.appends();
        } finally {
            lock.unlock();
        }
    }

    private byte[] buffer() {
        lock.lock();
        try {
            return wal.writer().buffer();
        } finally {
            lock.unlock();
        }
    }

    /** Of each frame the number of commits. */
    private static List<Integer> commitsIn(HeapStorage storage) {
        List<Integer> commits = new ArrayList<>();
        storage.replay(0, (firstRevision, array, offset, length, where) -> {
            CommitReader reader = new CommitReader(array, offset, length, where);
            int number = 0;
            while (reader.nextCommit()) {
                reader.skipOperations();
                number++;
            }
            commits.add(number);
        });
        return commits;
    }

    private Thread start(Runnable work) {
        Thread thread = new Thread(work);
        started.add(thread);
        thread.start();
        return thread;
    }

    private void awaitFrames(int frames) {
        while (storage.frames() < frames) {
            Thread.onSpinWait();
        }
    }

    /** Until it waits for its frame, or for the storage. */
    private static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    private static Thread flusher() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("kvist-flush"))
                .findFirst()
                .orElse(null);
    }
}
