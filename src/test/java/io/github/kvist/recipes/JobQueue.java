// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.recipes;

import io.github.kvist.api.Entry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.api.Version;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/** Jobs for several workers. Safe for any number of threads. */
final class JobQueue {

    /** A job that may be claimed from {@code due} on: when it was asked for, or when the lease of its worker ends. */
    record Job(String payload, Instant due, int attempts) {}

    /** What a worker holds until {@code job.due()}. */
    record Claim(String id, Job job, Version version) {}

    static final Index<Job, Instant> BY_DUE = Index.of("by_due", Keys.instant(), Job::due);

    static final Table<String, Job> JOBS =
            Table.of("jobs", Keys.string(), Values.json(Job.class)).with(BY_DUE);

    static final Table<String, Job> DEAD_LETTERS = Table.of("dead_letters", Keys.string(), Values.json(Job.class));

    static final Duration LEASE = Duration.ofMinutes(5);
    static final int ATTEMPTS_MAX = 3;

    private final KvStore store;
    private final InstantSource clock;

    JobQueue(KvStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** False if a job of this id already waits or runs. */
    boolean enqueue(String id, String payload, Instant due) {
        return store.in(JOBS).putIfAbsent(id, new Job(payload, due, 0)).isEmpty();
    }

    /** Takes the job that has been due for longest; nobody else gets it while the lease lasts. */
    Optional<Claim> claim() {
        return store.write(tx -> {
            Instant now = clock.instant();
            for (Entry<String, Job> next : tx.in(JOBS).by(BY_DUE).scan(KeyRange.atMost(now))) {
                Job job = next.value();
                if (job.attempts() < ATTEMPTS_MAX) {
                    return Optional.of(lease(tx, next.key(), job, now.plus(LEASE)));
                }
                bury(tx, next.key(), job); // its last worker neither completed nor released it
            }
            return Optional.empty();
        });
    }

    private static Claim lease(WriteTransaction tx, String id, Job job, Instant until) {
        TableWriter<String, Job> jobs = tx.in(JOBS);
        Job leased = new Job(job.payload(), until, job.attempts() + 1);
        jobs.put(id, leased);
        return new Claim(id, leased, jobs.entry(id).orElseThrow().version());
    }

    /** Removes a job and writes what it gave, both or neither. False, and nothing written, if another worker has it. */
    boolean complete(Claim claim, Consumer<? super WriteTransaction> result) {
        return store.write(tx -> {
            if (!tx.in(JOBS).delete(claim.id(), claim.version())) {
                return false;
            }
            result.accept(tx);
            return true;
        });
    }

    /** Gives a job back after a failure, for another attempt or to the dead letters. False if another worker has it. */
    boolean release(Claim claim, Duration delay) {
        return store.write(tx -> {
            Job job = claim.job();
            if (job.attempts() < ATTEMPTS_MAX) {
                Job again = new Job(job.payload(), clock.instant().plus(delay), job.attempts());
                return tx.in(JOBS).replace(claim.id(), claim.version(), again);
            }
            return tx.in(JOBS).delete(claim.id(), claim.version()) && bury(tx, claim.id(), job);
        });
    }

    private static boolean bury(WriteTransaction tx, String id, Job job) {
        tx.in(JOBS).delete(id);
        tx.in(DEAD_LETTERS).put(id, job);
        return true;
    }
}
