// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Capability;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Branching;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Sweeping;
import io.github.kvist.backend.View;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The simplest backend that keeps every promise of the seam: sorted maps that are copied before they are changed, one lock,
 * nothing kept. Slow on purpose; for tests of what stands above a backend, and as the oracle for other backends.
 */
public final class ReferenceBackend implements Backend, Branching, Sweeping {

    /** After so many conflicts a closure runs while nobody else can commit. */
    private static final int RUNS_BESIDE_OTHERS = 5;

    private final Capabilities capabilities;
    private final InstantSource clock;
    private final AtomicLong latestInstant = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong stamps = new AtomicLong();
    private final AtomicLong openViews = new AtomicLong();
    private final ThreadLocal<@Nullable Boolean> committing = new ThreadLocal<>();
    private volatile ReferenceState head = ReferenceState.EMPTY;
    private volatile boolean closed;

    public ReferenceBackend() {
        this(new Capabilities.Limits(4096, 1 << 20, 64L << 20));
    }

    public ReferenceBackend(Capabilities.Limits limits) {
        this(limits, InstantSource.system());
    }

    private ReferenceBackend(Capabilities.Limits limits, InstantSource clock) {
        this.clock = clock;
        Map<Capability, Capabilities.Support> support = new EnumMap<>(Capability.class);
        support.put(Capability.ORDERED_SCAN, Capabilities.Support.NATIVE);
        support.put(Capability.MULTI_KEY_TRANSACTIONS, Capabilities.Support.NATIVE);
        support.put(Capability.SERIALIZABLE, Capabilities.Support.NATIVE);
        support.put(Capability.COMPARE_AND_SET, Capabilities.Support.NATIVE);
        support.put(Capability.EXPIRY, Capabilities.Support.NATIVE);
        support.put(Capability.SNAPSHOT_READS, Capabilities.Support.NATIVE);
        support.put(Capability.SAVEPOINTS, Capabilities.Support.NATIVE);
        this.capabilities = new Capabilities(support, limits);
    }

    /** Another backend that begins with what this one had, as if it had been closed and opened again. */
    public ReferenceBackend reopened() {
        return reopened(clock);
    }

    /** As above, by another clock; time still never goes back. */
    public ReferenceBackend reopened(InstantSource clock) {
        ReferenceBackend next = new ReferenceBackend(capabilities.limits(), clock);
        next.latestInstant.set(latestInstant.get());
        next.head = head;
        next.stamps.set(stamps.get());
        return next;
    }

    /** How many views and branches were opened and not closed. */
    public long openViews() {
        return openViews.get();
    }

    AtomicLong viewCounter() {
        return openViews;
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
        lock.lock();
        try {
            ReferenceState before = requireOpen();
            for (Condition condition : commit.conditions()) {
                if (!condition.holds(before.get(condition.keyspace(), condition.key(), now()))) {
                    return Commit.REFUSED;
                }
            }
            if (commit.operations().isEmpty()) {
                return before.revision();
            }
            try (ReferenceBranch branch = new ReferenceBranch(this, before, false, now())) {
                for (Operation operation : commit.operations()) {
                    if (operation instanceof Operation.Put put) {
                        branch.put(put.keyspace(), put.key(), put.value(), put.deadline());
                    } else {
                        branch.delete(operation.keyspace(), operation.key());
                    }
                }
                return branch.commit();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long now() {
        return latestInstant.accumulateAndGet(clock.millis(), Math::max);
    }

    @Override
    public long earliestDeadline() {
        return requireOpen().earliestDeadline();
    }

    @Override
    public long sweep(Predicate<String> counted, Durability durability) {
        lock.lock();
        try {
            ReferenceState before = requireOpen();
            ReferenceState swept = before.swept(now());
            if (swept.count(name -> true) < before.count(name -> true)) {
                head = swept.at(before.revision() + 1);
            }
            return before.count(counted) - swept.count(counted);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long revision() {
        return requireOpen().revision();
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
    public Branch begin(TransactionOptions options) {
        return new ReferenceBranch(this, requireOpen(), isSerializable(options), now());
    }

    @Override
    public <R extends @Nullable Object> R commit(
            TransactionOptions options, Function<? super Branch, ? extends R> work) {
        if (committing.get() != null) {
            throw new IllegalStateException("This thread is already inside a commit of this backend.");
        }
        committing.set(Boolean.TRUE);
        try {
            return retried(options, work);
        } finally {
            committing.remove();
        }
    }

    private <R extends @Nullable Object> R retried(
            TransactionOptions options, Function<? super Branch, ? extends R> work) {
        long end = System.nanoTime() + options.timeout().toNanos();
        for (int run = 0; ; run++) {
            boolean alone = run >= RUNS_BESIDE_OTHERS;
            if (alone) {
                lock.lock();
            }
            try (ReferenceBranch branch = new ReferenceBranch(this, requireOpen(), isSerializable(options), now())) {
                R result = work.apply(branch);
                branch.commit();
                return result;
            } catch (KvException.Conflict conflict) {
                if (run >= options.retries() || System.nanoTime() - end > 0) {
                    throw conflict;
                }
            } finally {
                if (alone) {
                    lock.unlock();
                }
            }
        }
    }

    private static boolean isSerializable(TransactionOptions options) {
        return switch (options.isolation()) {
            case SERIALIZABLE -> true;
            case SNAPSHOT -> false;
        };
    }

    @Override
    public Branch scratch(View view) {
        ReferenceView base = (ReferenceView) view;
        return new ReferenceBranch(this, base.state(), base.instant());
    }

    @Override
    public long newVersion() {
        return stamps.incrementAndGet();
    }

    /** Puts what {@code change} makes of the head in its place. */
    ReferenceState replaceHead(Function<ReferenceState, ReferenceState> change) {
        lock.lock();
        try {
            ReferenceState next = change.apply(requireOpen());
            head = next;
            return next;
        } finally {
            lock.unlock();
        }
    }

    private ReferenceState requireOpen() {
        if (closed) {
            throw new KvException.Closed("The reference backend was closed.");
        }
        return head;
    }

    @Override
    public void close() {
        closed = true;
    }
}
