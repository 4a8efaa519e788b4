// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that add words to a store and remember what they were told of each. A word stands in one transaction with an
 * increment of one counter, so that a word that is missing, invented or applied twice shows.
 */
final class RemoteLoad implements AutoCloseable {

    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private final KvStore store;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Ended> ended = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Throwable> untyped = new ConcurrentLinkedQueue<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private volatile boolean isStopped;

    /** What became of a write, as its thread knows in the end, and what it was told at first. */
    private record Ended(Outcome outcome, Told told) {}

    private RemoteLoad(KvStore store) {
        this.store = store;
    }

    /** Starts {@code threads} that go on until they are stopped or each has written {@code words}. */
    static RemoteLoad start(KvStore store, int threads, int words) {
        RemoteLoad load = new RemoteLoad(store);
        for (int i = 0; i < threads; i++) {
            String name = "writer" + i;
            Thread thread = new Thread(() -> load.write(name, words), name);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    private void write(String name, int words) {
        for (int i = 0; i < words && !isStopped; i++) {
            String word = name + "-" + i;
            Told result = Told.of(() -> RemoteContract.add(store, word));
            try {
                ended.put(word, new Ended(note(result.typed()), result));
            } catch (Throwable wrong) {
                untyped.add(wrong);
                return;
            }
        }
    }

    private Outcome note(Told result) {
        if (result.isAcknowledged()) {
            acknowledged.incrementAndGet();
            return Outcome.COMMITTED;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
        if (result.isUnknown()) {
            unknown.incrementAndGet();
            return resolved(result.transactionId());
        }
        refused.incrementAndGet();
        return Outcome.ROLLED_BACK;
    }

    private Outcome resolved(String transactionId) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                return store.outcome(transactionId);
            } catch (KvException.Unavailable away) {
                if (System.nanoTime() > deadline) {
                    throw away;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** How many writes have ended so far, and how. */
    long acknowledged() {
        return acknowledged.get();
    }

    long failed() {
        return refused.get() + unknown.get();
    }

    /** Returns when every thread has ended by itself. */
    void join() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    void stop() throws InterruptedException {
        isStopped = true;
        join();
    }

    /** Every word of the store was written once, by somebody who was told so; none that was acknowledged is missing. */
    void requireTrueIn(KvStore other, long countedBefore) {
        assertThat(untyped).isEmpty();
        Set<String> stored = new HashSet<>(other.in(RemoteContract.WORDS).scan().keys());
        List<String> lies = ended.entrySet().stream()
                .filter(word -> word.getValue().outcome()
                        != (stored.contains(word.getKey()) ? Outcome.COMMITTED : Outcome.ROLLED_BACK))
                .map(word -> word.getKey() + ": " + word.getValue())
                .toList();
        assertThat(lies).as("%s", this).isEmpty();
        long there = ended.keySet().stream().filter(stored::contains).count();
        assertThat(other.in(RemoteContract.COUNTERS).get(RemoteContract.SHARED))
                .as("%s", this)
                .contains(countedBefore + there);
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }

    @Override
    public String toString() {
        return "%d acknowledged, %d refused, %d unknown at first"
                .formatted(acknowledged.get(), refused.get(), unknown.get());
    }
}
