// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Capability;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.ChangeFeed;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Sweeping;
import io.github.kvist.backend.Unchanged;
import io.github.kvist.backend.View;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * The simplest backend that keeps every promise of the seam, and has no transactions of its own: sorted maps that are copied
 * before they are changed, one lock, nothing kept. Slow on purpose; for tests of what stands above a backend, and as the oracle for other backends.
 */
public final class ReferenceBackend implements Backend, ChangeFeed, Sweeping {

    private static final int PADDING = 3;

    private final Capabilities capabilities;
    private final InstantSource clock;
    private final ReferenceData data;
    private final boolean isShared;
    private final AtomicLong openViews = new AtomicLong();
    private volatile boolean closed;

    public ReferenceBackend() {
        this(new Capabilities.Limits(4096, 1 << 20, 64L << 20));
    }

    /** One beside which others may be open on the same data. */
    public static ReferenceBackend shared() {
        ReferenceBackend alone = new ReferenceBackend();
        return new ReferenceBackend(alone.data, alone.capabilities.limits(), alone.clock, true);
    }

    public ReferenceBackend(Capabilities.Limits limits) {
        this(new ReferenceData(), limits, InstantSource.system(), false);
    }

    private ReferenceBackend(ReferenceData data, Capabilities.Limits limits, InstantSource clock, boolean isShared) {
        this.data = data;
        this.clock = clock;
        this.isShared = isShared;
        Map<Capability, Capabilities.Support> support = new EnumMap<>(Capability.class);
        support.put(Capability.ORDERED_SCAN, Capabilities.Support.NATIVE);
        support.put(Capability.MULTI_KEY_TRANSACTIONS, Capabilities.Support.NATIVE);
        support.put(Capability.SERIALIZABLE, Capabilities.Support.NATIVE);
        support.put(Capability.COMPARE_AND_SET, Capabilities.Support.NATIVE);
        support.put(Capability.EXPIRY, Capabilities.Support.NATIVE);
        support.put(Capability.WATCH, Capabilities.Support.NATIVE);
        support.put(Capability.WATCH_RESUME, Capabilities.Support.NATIVE);
        support.put(Capability.SNAPSHOT_READS, Capabilities.Support.NATIVE);
        support.put(Capability.SAVEPOINTS, Capabilities.Support.NATIVE);
        this.capabilities = new Capabilities(support, limits);
    }

    /** Another backend on the same data, as if this one had been closed and opened again; it may also stay open. */
    public ReferenceBackend reopened() {
        return reopened(clock);
    }

    /** As above, by another clock; time still never goes back. */
    public ReferenceBackend reopened(InstantSource clock) {
        return new ReferenceBackend(data, capabilities.limits(), clock, isShared);
    }

    /** How many views were opened and not closed. */
    public long openViews() {
        return openViews.get();
    }

    private record Space(String name) implements Keyspace {}

    @Override
    public Keyspace keyspace(String name) {
        return new Space(name);
    }

    @Override
    public View view() {
        return new ReferenceView(requireOpen(), now(), openViews);
    }

    @Override
    public long commit(Commit commit) {
        data.lock.lock();
        try {
            ReferenceState before = requireOpen();
            if (commit.unchanged() != null) {
                requireUnchanged(commit.unchanged(), before);
            }
            long instant = now();
            for (Condition condition : commit.conditions()) {
                if (!condition.holds(before.get(condition.keyspace(), condition.key(), instant))) {
                    return Commit.REFUSED;
                }
            }
            if (commit.operations().isEmpty()) {
                return before.revision();
            }
            ReferenceState after = before;
            for (Operation operation : commit.operations()) {
                after = applied(after, operation, instant);
            }
            data.advance(after.next(instant, false));
            return before.revision() + 1;
        } finally {
            data.lock.unlock();
        }
    }

    private void requireUnchanged(Unchanged unchanged, ReferenceState present) {
        ReferenceState base = data.at(unchanged.since());
        for (Range range : unchanged.ranges()) {
            if (base == null || !base.isSame(present, range, unchanged.instant())) {
                throw new KvException.Conflict("Something changed in "
                        + range.keyspace().name() + " after revision " + unchanged.since() + ". Run it again.");
            }
        }
    }

    private ReferenceState applied(ReferenceState before, Operation operation, long instant) {
        NavigableMap<byte[], Stored> entries = ReferenceState.emptyMap();
        entries.putAll(before.space(operation.keyspace().name()));
        byte[] key = operation.key().clone();
        if (operation instanceof Operation.Put put) {
            long version = put.version() == Operation.Put.ANY ? newVersion() : put.version();
            entries.put(key, stored(put.value(), version, put.deadline()));
        } else if (operation instanceof Operation.Touch touch) {
            Stored old = before.get(operation.keyspace(), key, instant);
            if (old != null) {
                entries.put(key, new Stored(old.array(), old.offset(), old.length(), old.version(), touch.deadline()));
            }
        } else {
            entries.remove(key);
        }
        return before.with(operation.keyspace().name(), entries);
    }

    /** Has the odd bytes 0, 7, 0 around each value, so that nobody relies on a value filling its array. */
    private static Stored stored(byte[] value, long version, long deadline) {
        byte[] padded = new byte[value.length + PADDING];
        padded[1] = 7;
        System.arraycopy(value, 0, padded, 2, value.length);
        return new Stored(padded, 2, value.length, version, deadline);
    }

    @Override
    public long now() {
        return data.latestInstant.accumulateAndGet(clock.millis(), Math::max);
    }

    @Override
    public Feed follow(Scope scope, OptionalLong after, int buffer) {
        long newest = requireOpen().revision();
        if (after.orElse(0) > newest) {
            throw new IllegalArgumentException("There is no revision " + after.getAsLong() + " yet; the newest is "
                    + newest + ". Begin after that, or an earlier one.");
        }
        return new ReferenceFeed(this, data, scope, after.orElse(newest));
    }

    @Override
    public long earliestDeadline() {
        return requireOpen().earliestDeadline();
    }

    @Override
    public long sweep(Predicate<String> counted, Durability durability) {
        data.lock.lock();
        try {
            ReferenceState before = requireOpen();
            long instant = now();
            ReferenceState swept = before.swept(instant);
            if (swept.count(name -> true) < before.count(name -> true)) {
                data.advance(swept.next(instant, true));
            }
            return before.count(counted) - swept.count(counted);
        } finally {
            data.lock.unlock();
        }
    }

    @Override
    public long revision() {
        return requireOpen().revision();
    }

    @Override
    public boolean isShared() {
        return isShared;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public String description() {
        return "reference";
    }

    @Override
    public long newVersion() {
        return data.stamps.incrementAndGet();
    }

    ReferenceState requireOpen() {
        if (closed) {
            throw new KvException.Closed("The store in the reference backend was closed.");
        }
        return data.head();
    }

    @Override
    public void close() {
        closed = true;
        data.wake();
    }
}
