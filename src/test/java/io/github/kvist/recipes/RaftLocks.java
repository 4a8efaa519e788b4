// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.recipes;

import io.github.kvist.Kvist;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Locks with leases, as the state machine of a Raft group. One thread applies and restores; any number may read. */
final class RaftLocks implements AutoCloseable {

    sealed interface Command {
        /** Whether it was granted; must depend on nothing but the table. */
        boolean applyTo(TableWriter<String, String> locks);
    }

    record Acquire(String lock, String owner, Duration lease) implements Command {
        @Override
        public boolean applyTo(TableWriter<String, String> locks) {
            Optional<String> holder = locks.putIfAbsent(lock, owner, Expiry.after(lease));
            return holder.isEmpty() || holder.get().equals(owner) && locks.touch(lock, Expiry.after(lease));
        }
    }

    record Release(String lock, String owner) implements Command {
        @Override
        public boolean applyTo(TableWriter<String, String> locks) {
            return locks.get(lock).filter(owner::equals).isPresent() && locks.delete(lock);
        }
    }

    /** An entry of the log, with the time at which its leader proposed it. */
    record LogEntry(long index, Instant at, Command command) {}

    record Applied(long index, Instant at) {}

    static final Index<String, String> BY_OWNER = Index.of("by_owner", Keys.string(), owner -> owner);

    static final Table<String, String> LOCKS =
            Table.of("locks", Keys.string(), Values.string()).with(BY_OWNER);

    static final Table<String, Applied> APPLIED = Table.of("applied", Keys.string(), Values.json(Applied.class));

    private static final String LAST = "last";

    private volatile Instant now = Instant.EPOCH;
    final KvStore store = Kvist.open("memory:", Options.defaults().clock(() -> now));

    /** The answer to the command; empty if its entry is already part of the state. */
    Optional<Boolean> apply(LogEntry entry) {
        if (entry.index() <= lastApplied()) {
            return Optional.empty();
        }
        now = entry.at().isAfter(now) ? entry.at() : now; // a new leader's clock may be behind
        return store.write(tx -> {
            tx.in(APPLIED).put(LAST, new Applied(entry.index(), now));
            return Optional.of(entry.command().applyTo(tx.in(LOCKS)));
        });
    }

    /** The state now, in constant time: write it from another thread with {@code writeTo}, then close it. */
    Snapshot snapshot() {
        return store.snapshot();
    }

    /** Replaces the whole state by an image from {@code writeTo}; one that is damaged changes nothing. */
    void restore(InputStream image) {
        store.admin().restore(image, true);
        now = store.in(APPLIED).get(LAST).map(Applied::at).orElse(Instant.EPOCH);
    }

    long lastApplied() {
        return store.in(APPLIED).get(LAST).map(Applied::index).orElse(0L);
    }

    Optional<String> ownerOf(String lock) {
        return store.in(LOCKS).get(lock);
    }

    List<String> locksOf(String owner) {
        return store.in(LOCKS).by(BY_OWNER).eq(owner).keys();
    }

    @Override
    public void close() {
        store.close();
    }
}
