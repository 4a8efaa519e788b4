// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.ChangeFeed;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stamping;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Sweeping;
import io.github.kvist.backend.View;
import io.github.kvist.backend.file.LocalFiles;
import io.github.kvist.backend.memory.MemoryStorage;
import io.github.kvist.engine.Engine;
import io.github.kvist.table.TableStore;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A machine with systems whose data outlive it, and a process on it that uses them and can be killed at any of its commits: before the
 * system has taken it, or behind that.
 */
final class Machine {

    private final boolean killsBehind;
    private final AtomicInteger commitsToLive;
    private volatile boolean isDead;

    /** Lives for so many commits. */
    Machine(int commits, boolean killsBehind) {
        this.commitsToLive = new AtomicInteger(commits);
        this.killsBehind = killsBehind;
    }

    static Engine system() {
        return Engine.open(new MemoryStorage(), Options.defaults());
    }

    boolean isDead() {
        return isDead;
    }

    /** A store over a system, as this process sees it. */
    TableStore open(Engine system, boolean isShared) {
        return new TableStore(new Seen(system, isShared), Options.defaults(), LocalFiles::new);
    }

    private void requireAlive() {
        if (isDead) {
            throw new KvException.Closed("The process was killed.");
        }
    }

    private final class Seen implements Backend, ChangeFeed, Stamping, Sweeping {
        private final Engine system;
        private final boolean isShared;

        Seen(Engine system, boolean isShared) {
            this.system = system;
            this.isShared = isShared;
        }

        @Override
        public long commit(Commit commit) {
            requireAlive();
            boolean isLast = commitsToLive.decrementAndGet() <= 0;
            if (isLast && !killsBehind) {
                isDead = true;
            }
            requireAlive();
            long revision = system.commit(commit);
            isDead |= isLast;
            requireAlive();
            return revision;
        }

        @Override
        public Feed follow(Scope scope, OptionalLong after, int buffer) {
            requireAlive();
            Feed feed = system.follow(scope, after, buffer);
            return new Feed() {
                @Override
                public @Nullable Event next(Duration timeout) throws InterruptedException {
                    requireAlive();
                    return feed.next(timeout);
                }

                @Override
                public void close() {
                    feed.close();
                }
            };
        }

        @Override
        public void newVersionsAbove(long version) {
            system.newVersionsAbove(version);
        }

        @Override
        public Keyspace keyspace(String name) {
            return system.keyspace(name);
        }

        @Override
        public View view() {
            requireAlive();
            return new Unbranched(system.view());
        }

        @Override
        public long newVersion() {
            return system.newVersion();
        }

        @Override
        public long now() {
            return system.now();
        }

        @Override
        public long revision() {
            requireAlive();
            return system.revision();
        }

        @Override
        public boolean isShared() {
            return isShared;
        }

        @Override
        public long earliestDeadline() {
            return system.earliestDeadline();
        }

        @Override
        public long sweep(Predicate<String> counted, Durability durability) {
            requireAlive();
            return system.sweep(counted, durability);
        }

        @Override
        public Capabilities capabilities() {
            return system.capabilities();
        }

        @Override
        public String description() {
            return "system " + Integer.toHexString(System.identityHashCode(system));
        }

        @Override
        public void close() {
            // The system outlives the process.
        }
    }

    private record Unbranched(View view) implements View {
        @Override
        public long revision() {
            return view.revision();
        }

        @Override
        public long instant() {
            return view.instant();
        }

        @Override
        public @Nullable Stored get(Keyspace keyspace, byte[] key) {
            return view.get(keyspace, key);
        }

        @Override
        public EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
            return view.scan(keyspace, from, to, reverse);
        }

        @Override
        public long count(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
            return view.count(keyspace, from, to);
        }

        @Override
        public void close() {
            view.close();
        }
    }
}
