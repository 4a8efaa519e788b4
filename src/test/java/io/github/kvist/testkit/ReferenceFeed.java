// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.ChangeFeed.Scope;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Compares each state with the one before when it is asked for; so it is never too slow, only too late. */
final class ReferenceFeed implements Feed {

    /** What an entry is judged by that nobody calls due. */
    private static final long NOTHING_DUE = Long.MIN_VALUE;

    private final ReferenceBackend backend;
    private final ReferenceData data;
    private final Scope scope;
    // Guarded by the lock of the data.
    private long position;
    private long seen;
    private boolean closed;

    ReferenceFeed(ReferenceBackend backend, ReferenceData data, Scope scope, long after) {
        this.backend = backend;
        this.data = data;
        this.scope = scope;
        this.position = after;
        this.seen = after;
    }

    @Override
    public @Nullable Event next(Duration timeout) throws InterruptedException {
        long nanos =
                timeout.compareTo(Duration.ofDays(1)) > 0 ? Duration.ofDays(1).toNanos() : nanos(timeout);
        data.lock.lockInterruptibly();
        try {
            while (true) {
                requireOpen();
                Event event = behind();
                if (event != null || nanos <= 0) {
                    return event;
                }
                nanos = data.await(nanos);
            }
        } finally {
            data.lock.unlock();
        }
    }

    private static long nanos(Duration timeout) {
        return timeout.isNegative() ? 0 : timeout.toNanos();
    }

    private void requireOpen() {
        if (closed) {
            throw new KvException.Closed("The watch was closed.");
        }
        backend.requireOpen();
    }

    private @Nullable Event behind() {
        while (position < data.head().revision()) {
            ReferenceState before = data.at(position);
            if (before == null) {
                position = data.oldest();
                return new Event.Gap(seen, position + 1);
            }
            ReferenceState after = Objects.requireNonNull(data.at(position + 1));
            position++;
            List<KeyChange> changes = changes(before, after);
            if (!changes.isEmpty()) {
                seen = position;
                return new Event.Committed(position, after.millis(), changes);
            }
        }
        return null;
    }

    private List<KeyChange> changes(ReferenceState before, ReferenceState after) {
        List<KeyChange> changes = new ArrayList<>();
        if (scope instanceof Range range) {
            changes(range, before, after, changes);
        } else if (scope instanceof Scope.Keyspaces names) {
            Map<String, NavigableMap<byte[], Stored>> spaces = new TreeMap<>(after.spaces());
            spaces.keySet().stream()
                    .filter(name -> name.startsWith(names.prefix()))
                    .forEach(name ->
                            changes(new Range(backend.keyspace(name), new byte[0], null), before, after, changes));
        }
        return changes;
    }

    private static void changes(Range range, ReferenceState before, ReferenceState after, List<KeyChange> changes) {
        Keyspace keyspace = range.keyspace();
        NavigableMap<byte[], Stored> olds = before.range(keyspace.name(), range.from(), range.to(), NOTHING_DUE);
        NavigableMap<byte[], Stored> news = after.range(keyspace.name(), range.from(), range.to(), NOTHING_DUE);
        NavigableMap<byte[], Stored> keys = ReferenceState.emptyMap();
        keys.putAll(olds);
        keys.putAll(news);
        for (byte[] key : keys.keySet()) {
            Stored old = olds.get(key);
            Stored fresh = news.get(key);
            if (!ReferenceState.isSame(old, fresh)) {
                add(keyspace, key, old, fresh, after, changes);
            }
        }
    }

    /** Entries are judged by the instant of the commit. */
    private static void add(
            Keyspace keyspace,
            byte[] key,
            @Nullable Stored old,
            @Nullable Stored fresh,
            ReferenceState commit,
            List<KeyChange> changes) {
        Stored before = commit.isSweep() ? null : alive(old, commit.millis());
        Stored after = alive(fresh, commit.millis());
        if (before != null || after != null) {
            changes.add(new KeyChange(keyspace, key.clone(), before, after, false));
        } else if (old != null && fresh == null) {
            changes.add(new KeyChange(keyspace, key.clone(), old, null, true));
        }
    }

    private static @Nullable Stored alive(@Nullable Stored stored, long instant) {
        return stored == null || stored.deadline() <= instant ? null : stored;
    }

    @Override
    public void close() {
        data.lock.lock();
        try {
            closed = true;
            data.wake();
        } finally {
            data.lock.unlock();
        }
    }
}
