// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Options;
import io.github.kvist.api.Outcome;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.ChangeFeed;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.Figures;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Measured;
import io.github.kvist.backend.Outcomes;
import io.github.kvist.backend.Stamping;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Sweeping;
import io.github.kvist.backend.View;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A store in Redis. Safe for any number of threads; each call is one script, on a connection that it has for itself meanwhile. */
final class RedisBackend implements Backend, ChangeFeed, Sweeping, Outcomes, Measured, Stamping {

    private final Layout layout;
    private final Calls calls;
    private final RedisTime time;
    private final Versions versions;
    private final Commits commits;
    private final Sweep sweep;
    private final Tail tail;
    private final boolean isReadOnly;
    private final AtomicLong newest;
    private final Tally tally = new Tally();
    private volatile long remembered = Long.MIN_VALUE;

    private RedisBackend(Layout layout, Calls calls, RedisTime time, Opening opened, Options options) {
        this.layout = layout;
        this.calls = calls;
        this.time = time;
        this.isReadOnly = options.isReadOnly();
        this.newest = new AtomicLong(opened.revision());
        this.versions = new Versions(
                opened.client(), () -> Opening.of(layout, calls, time, false).client());
        Kept kept = new Kept(options.history(), time);
        this.commits = new Commits(this, kept);
        this.sweep = new Sweep(this, kept, tally, opened.earliestDeadline());
        this.tail = new Tail(this);
    }

    static RedisBackend open(RedisSettings settings, Options options) {
        Layout layout = new Layout(settings.name());
        Connections connections =
                new Connections(settings.hosts(), settings.client(), settings.connections(), settings.shown());
        try {
            RedisTime time = new RedisTime(options.clock());
            Calls calls = new Calls(connections, options.timeout(), settings.shown());
            ServerCheck.of(connections, settings, options);
            Opening opened = Opening.of(layout, calls, time, options.isReadOnly());
            return new RedisBackend(layout, calls, time, opened, options);
        } catch (Throwable refused) {
            connections.close();
            throw refused;
        }
    }

    Layout layout() {
        return layout;
    }

    Calls calls() {
        return calls;
    }

    RedisTime time() {
        return time;
    }

    /** The newest revision that any answer has told. */
    long newest() {
        return newest.get();
    }

    /** What an answer tells beside itself. */
    void told(long revision, long instant) {
        newest.accumulateAndGet(revision, Math::max);
        time.tell(instant);
    }

    /**
     * An entry was shown to be gone because its deadline has passed. Without this a clock that goes back, in another process or after a
     * failover, would show it again. Costs a round trip, once for each deadline at most.
     */
    void remember(long deadline) {
        if (remembered < deadline && !isReadOnly) {
            byte[] now = (byte[]) calls.list(new Request(Script.REMEMBER, layout.meta).with(time.argument()))
                    .get(0);
            remembered = Sortable.read(now, 0);
        }
    }

    @Override
    public Keyspace keyspace(String name) {
        return layout.keyspace(name);
    }

    @Override
    public View view() {
        if (calls.connections().isClosed()) {
            throw Connections.closed(description());
        }
        return new RedisView(this);
    }

    @Override
    public @Nullable Stored get(Keyspace keyspace, byte[] key) {
        return new RedisView(this).get(keyspace, key);
    }

    @Override
    public long commit(Commit commit) {
        if (isReadOnly && !commit.operations().isEmpty()) {
            throw new KvException.Unsupported(description() + ": the store was opened read-only; nothing was written.");
        }
        try {
            long revision = commits.commit(commit);
            tally.commits.increment();
            sweep.committed(commit);
            return revision;
        } catch (KvException.Conflict lost) {
            tally.conflicts.increment();
            throw lost;
        }
    }

    @Override
    public long newVersion() {
        return versions.next();
    }

    /** Clients draw their numbers from the server, which counts on from there. */
    @Override
    public void newVersionsAbove(long version) {
        long client = Versions.client(version);
        if (client >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "No stamp is left above " + version + "; it is none that a store gives.");
        }
        calls.answer(new Request(Script.RAISE, layout.meta).with(client));
        versions.goAbove(version);
    }

    @Override
    public long now() {
        return time.now();
    }

    @Override
    public long revision() {
        try (View view = view()) {
            return view.revision();
        }
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public Outcome outcome(String transactionId) {
        return commits.outcome(transactionId);
    }

    @Override
    public long earliestDeadline() {
        return sweep.earliestDeadline();
    }

    @Override
    public long sweep(Predicate<String> counted, Durability durability) {
        return isReadOnly ? 0 : sweep.run(counted);
    }

    @Override
    public Feed follow(Scope scope, OptionalLong after, int buffer) {
        return tail.follow(scope, after, buffer);
    }

    /** Two round trips. */
    @Override
    public Figures figures() {
        return RedisFigures.of(this, tally, tail.stats());
    }

    @Override
    public Capabilities capabilities() {
        return RedisLimits.CAPABILITIES;
    }

    @Override
    public String description() {
        return calls.description();
    }

    @Override
    public void close() {
        tail.close();
        calls.connections().close();
    }
}
