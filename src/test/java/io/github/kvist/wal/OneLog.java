// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.wal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.format.CommitReader;
import io.github.kvist.format.CommitWriter;
import io.github.kvist.testkit.HeapStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** One log over a storage that can be held up and broken, and the lock under which commits are added to it. */
@Timeout(20)
class OneLog {
    static final int MEGABYTE = 1 << 20;

    final Set<Thread> flushersBefore = flushers();
    final HeapStorage storage = new HeapStorage();
    final ReentrantLock lock = new ReentrantLock();
    final List<Long> visible = new CopyOnWriteArrayList<>();
    final AtomicInteger rolledBack = new AtomicInteger();
    final Wal<Long> wal = new Wal<>(storage, lock, visible::add, rolledBack::incrementAndGet);
    final List<Thread> started = new ArrayList<>();
    long revision;

    @AfterEach
    void close() throws InterruptedException {
        storage.letAllThrough();
        wal.close();
        for (Thread thread : started) {
            thread.join();
        }
    }

    Batch<Long> add(Durability durability) {
        return add(durability, 1);
    }

    Batch<Long> add(Durability durability, int bytes) {
        lock.lock();
        try {
            revision++;
            wal.reserve(durability);
            CommitWriter writer = wal.nextCommit();
            writer.startCommit(1, revision);
            writer.put(1, new byte[] {1}, new byte[bytes], 0, bytes, revision, Long.MAX_VALUE);
            writer.endCommit();
            return wal.add(revision, revision, durability);
        } finally {
            lock.unlock();
        }
    }

    Throwable failureOf(Batch<Long> batch) {
        try {
            wal.await(batch);
            return new AssertionError("it did not fail");
        } catch (RuntimeException e) {
            return e;
        }
    }

    static void assertUnavailable(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(KvException.Unavailable.class)
                .hasMessageContaining("heap storage: an earlier write of the log failed")
                .hasMessageContaining("the disk says no")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    Appends appends() {
        lock.lock();
        try {
            return wal.appends();
        } finally {
            lock.unlock();
        }
    }

    byte[] buffer() {
        lock.lock();
        try {
            return wal.nextCommit().buffer();
        } finally {
            lock.unlock();
        }
    }

    /** Of each frame the number of commits. */
    static List<Integer> commitsIn(HeapStorage storage) {
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

    Thread start(Runnable work) {
        Thread thread = new Thread(work);
        started.add(thread);
        thread.start();
        return thread;
    }

    void awaitFrames(int frames) {
        while (storage.frames() < frames) {
            Thread.onSpinWait();
        }
    }

    /** Until it waits for its frame, or for the storage. */
    static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    /** The thread of this log that writes later; other tests may have left theirs. */
    @Nullable
    Thread flusher() {
        return flushers().stream()
                .filter(thread -> !flushersBefore.contains(thread))
                .findFirst()
                .orElse(null);
    }

    static Set<Thread> flushers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("kvist-flush"))
                .collect(Collectors.toSet());
    }
}
