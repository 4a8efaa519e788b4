// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.conformance;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Capability;
import io.github.kvist.api.Options;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.KeyChange;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Unchanged;
import io.github.kvist.backend.View;
import io.github.kvist.engine.Engine;
import io.github.kvist.testkit.ReferenceBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Bugs that authors of backends make, each in a store of its own. */
final class PlantedBugs {

    private PlantedBugs() {}

    private static boolean isIndex(Keyspace keyspace) {
        return keyspace.name().startsWith("i/");
    }

    static final class ForgetsDeletes extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return WrongBackend.forgetting(right, Operation.Delete.class::isInstance);
        }
    }

    static final class ForgetsIndexDeletes extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return WrongBackend.forgetting(
                    right, operation -> operation instanceof Operation.Delete && isIndex(operation.keyspace()));
        }
    }

    static final class ForgetsTouches extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return WrongBackend.forgetting(right, Operation.Touch.class::isInstance);
        }
    }

    static final class ForgetsDefinitions extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return WrongBackend.forgetting(
                    right, operation -> operation.keyspace().name().startsWith("s/"));
        }
    }

    static final class ForgetsDeadlines extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return WrongBackend.changing(
                    right,
                    operations ->
                            operations.stream().map(ForgetsDeadlines::forever).toList());
        }

        private static Operation forever(Operation operation) {
            return operation instanceof Operation.Put put
                    ? new Operation.Put(put.keyspace(), put.key(), put.value(), Stored.NEVER, put.version())
                    : operation;
        }
    }

    static final class DoesHalfOfACommit extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return WrongBackend.changing(
                    right, operations -> operations.subList(0, Math.max(1, operations.size() - 1)));
        }
    }

    static final class WritesOneIndexEntryOfMany extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return WrongBackend.changing(right, operations -> {
                AtomicInteger entries = new AtomicInteger();
                return operations.stream()
                        .filter(operation -> !isIndex(operation.keyspace())
                                || operation instanceof Operation.Delete
                                || entries.incrementAndGet() <= 2)
                        .toList();
            });
        }
    }

    static final class IgnoresConditions extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return WrongBackend.committing(
                    right,
                    commit -> new Commit(List.of(), commit.unchanged(), commit.operations(), commit.durability()));
        }
    }

    static final class ChecksAndThenWrites extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return new WrongBackend(right) {
                @Override
                public long commit(Commit commit) {
                    for (Condition condition : commit.conditions()) {
                        if (!condition.holds(right.get(condition.keyspace(), condition.key()))) {
                            return Commit.REFUSED;
                        }
                    }
                    LockSupport.parkNanos(100_000);
                    return right.commit(
                            new Commit(List.of(), commit.unchanged(), commit.operations(), commit.durability()));
                }
            };
        }
    }

    static final class ForgetsWhatWasRead extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return WrongBackend.committing(
                    right, commit -> new Commit(commit.conditions(), commit.operations(), commit.durability()));
        }
    }

    static final class ForgetsConflictsInIndexes extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return WrongBackend.committing(
                    right,
                    commit -> new Commit(
                            commit.conditions().stream()
                                    .filter(condition -> !isIndex(condition.keyspace()))
                                    .toList(),
                            withoutIndexes(commit.unchanged()),
                            commit.operations(),
                            commit.durability()));
        }

        private static @Nullable Unchanged withoutIndexes(@Nullable Unchanged unchanged) {
            return unchanged == null
                    ? null
                    : new Unchanged(
                            unchanged.since(),
                            unchanged.instant(),
                            unchanged.ranges().stream()
                                    .filter(range -> !isIndex(range.keyspace()))
                                    .toList());
        }
    }

    static final class TearsCommits extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return new WrongBackend(right) {
                @Override
                public long commit(Commit commit) {
                    if (commit.operations().size() < 2) {
                        return right.commit(commit);
                    }
                    long revision = right.commit(new Commit(
                            commit.conditions(),
                            commit.unchanged(),
                            commit.operations().subList(0, 1),
                            commit.durability()));
                    for (Operation later :
                            commit.operations().subList(1, commit.operations().size())) {
                        LockSupport.parkNanos(100_000);
                        revision = revision == Commit.REFUSED
                                ? revision
                                : right.commit(new Commit(List.of(), List.of(later), commit.durability()));
                    }
                    return revision;
                }
            };
        }
    }

    static final class OrdersSigned extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return WrongBackend.showing(right, view -> new WrongView(view) {
                @Override
                public EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
                    Comparator<Found> signed = Comparator.comparing(Found::key, Arrays::compare);
                    return new Walk(
                            found(keyspace, from, to, reverse).stream()
                                    .sorted(reverse ? signed.reversed() : signed)
                                    .toList(),
                            reverse);
                }
            });
        }
    }

    static final class IncludesTheEnd extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return WrongBackend.showing(right, view -> new WrongView(view) {
                @Override
                public EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
                    boolean isEmpty = to == null || Arrays.compareUnsigned(from, to) >= 0;
                    return right.scan(keyspace, from, isEmpty ? to : Range.after(to), reverse);
                }
            });
        }
    }

    static final class SkipsWhereALaterScanBegins extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return WrongBackend.showing(right, view -> new WrongView(view) {
                @Override
                public EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
                    EntryCursor cursor = right.scan(keyspace, from, to, reverse);
                    if (from.length > 2) {
                        cursor.advance();
                    }
                    return cursor;
                }
            });
        }
    }

    static final class ShowsOldViews extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return new WrongBackend(right) {
                private final Deque<View> older = new ArrayDeque<>();
                private int asked;

                @Override
                public synchronized View view() {
                    older.add(right.view());
                    View oldest = older.size() > 8 ? older.remove() : right.view();
                    return asked++ % 10 == 0 ? oldest : right.view();
                }
            };
        }
    }

    static final class LetsTimeStandStill extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            InstantSource clock = InstantSource.fixed(options.clock().instant());
            return new WrongBackend(right.reopened(clock));
        }
    }

    static final class DropsAnEvent extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            AtomicInteger events = new AtomicInteger();
            return WrongBackend.telling(right, feed -> new WrongFeed(feed) {
                @Override
                @Nullable
                Event told(Event.Committed event) {
                    return events.incrementAndGet() == 5 ? null : event;
                }
            });
        }
    }

    static final class TellsEachCommitTwice extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return WrongBackend.telling(right, feed -> new WrongFeed(feed) {
                private @Nullable Event again;

                @Override
                public @Nullable Event next(Duration timeout) throws InterruptedException {
                    Event event = again == null ? super.next(timeout) : again;
                    again = again == null ? event : null;
                    return event;
                }

                @Override
                Event told(Event.Committed event) {
                    return event;
                }
            });
        }
    }

    static final class TellsHalfOfACommit extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return WrongBackend.telling(right, feed -> new WrongFeed(feed) {
                @Override
                Event told(Event.Committed event) {
                    List<KeyChange> changes = event.changes();
                    return new Event.Committed(
                            event.revision(), event.millis(), changes.subList(0, (changes.size() + 1) / 2));
                }
            });
        }
    }

    /** Tells what a right feed tells, but for what a subclass does wrong. */
    private abstract static class WrongFeed implements Feed {
        private final Feed right;

        WrongFeed(Feed right) {
            this.right = right;
        }

        abstract @Nullable Event told(Event.Committed event);

        @Override
        public @Nullable Event next(Duration timeout) throws InterruptedException {
            Event event = right.next(timeout);
            return event instanceof Event.Committed committed ? told(committed) : event;
        }

        @Override
        public void close() {
            right.close();
        }
    }

    static final class IgnoresCaseInNames extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return new WrongBackend(right) {
                @Override
                public Keyspace keyspace(String name) {
                    return right.keyspace(name.toLowerCase(Locale.ROOT));
                }
            };
        }
    }

    static final class SharesItsDataWithItsNeighbour extends WrongStore {
        private final ReferenceBackend data = new ReferenceBackend();

        @Override
        ReferenceBackend data() {
            return data;
        }

        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            return right;
        }
    }

    static final class DrawsTheVersionsOfOthers extends WrongStore {
        @Override
        ReferenceBackend data() {
            return ReferenceBackend.shared();
        }

        @Override
        boolean isShared() {
            return true;
        }

        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            AtomicLong versions = new AtomicLong();
            return new WrongBackend(right) {
                @Override
                public long newVersion() {
                    return versions.incrementAndGet();
                }
            };
        }
    }

    static final class ClaimsALargerLimit extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            Capabilities claims = right.capabilities();
            Capabilities.Limits limits = claims.limits();
            return new WrongBackend(right) {
                @Override
                public long commit(Commit commit) {
                    for (Operation operation : commit.operations()) {
                        if (operation.key().length > limits.keyBytes()) {
                            throw new IllegalStateException("key");
                        }
                    }
                    return right.commit(commit);
                }

                @Override
                public Capabilities capabilities() {
                    return new Capabilities(
                            claims.support(),
                            new Capabilities.Limits(
                                    limits.keyBytes() + 1, limits.valueBytes(), limits.transactionBytes()));
                }
            };
        }
    }

    static final class DoesWhatItDoesNotClaim extends WrongStore {
        @Override
        Backend wrong(ReferenceBackend right, Options options) {
            Map<Capability, Capabilities.Support> claims =
                    new EnumMap<>(right.capabilities().support());
            claims.remove(Capability.WATCH);
            return new WrongBackend(right) {
                @Override
                public Capabilities capabilities() {
                    return new Capabilities(claims, right.capabilities().limits());
                }
            };
        }
    }

    static final class ShowsTheRevisionBefore extends WrongEngine {
        @Override
        @Nullable
        Object answer(Engine engine, Method method, Object @Nullable [] arguments) throws Throwable {
            if (method.getName().equals("viewAt") && (long) arguments[0] > engine.oldestRevision()) {
                return engine.viewAt((long) arguments[0] - 1);
            }
            return rightly(engine, method, arguments);
        }
    }

    static final class ForksTheNewest extends WrongEngine {
        @Override
        @Nullable
        Object answer(Engine engine, Method method, Object @Nullable [] arguments) throws Throwable {
            return method.getName().equals("fork") ? engine.fork(engine.view()) : rightly(engine, method, arguments);
        }
    }

    static final class MergesWithoutCopying extends WrongEngine {
        @Override
        @Nullable
        Object answer(Engine engine, Method method, Object @Nullable [] arguments) throws Throwable {
            return method.getName().equals("copy") ? null : rightly(engine, method, arguments);
        }
    }

    static final class LeavesOutADifference extends WrongEngine {
        @Override
        @Nullable
        Object answer(Engine engine, Method method, Object @Nullable [] arguments) throws Throwable {
            Object answer = rightly(engine, method, arguments);
            if (answer instanceof Iterator<?> changes && changes.hasNext()) {
                changes.next();
            }
            return answer;
        }
    }

    static final class RestoresNothing extends WrongEngine {
        @Override
        @Nullable
        Object answer(Engine engine, Method method, Object @Nullable [] arguments) throws Throwable {
            return method.getName().equals("restore") ? null : rightly(engine, method, arguments);
        }
    }

    static final class KeepsWhatWasUndone extends WrongEngine {
        @Override
        @SuppressWarnings("unchecked")
        @Nullable
        Object answer(Engine engine, Method method, Object @Nullable [] arguments) throws Throwable {
            if (method.getName().equals("begin")) {
                return keeping(engine.begin((TransactionOptions) arguments[0]));
            }
            if (arguments != null && arguments.length == 2 && arguments[1] instanceof Function<?, ?> work) {
                return engine.commit(
                        (TransactionOptions) arguments[0],
                        branch -> ((Function<Branch, Object>) work).apply(keeping(branch)));
            }
            return rightly(engine, method, arguments);
        }

        private static Branch keeping(Branch branch) {
            return (Branch) Proxy.newProxyInstance(
                    Branch.class.getClassLoader(), new Class<?>[] {Branch.class}, (proxy, method, arguments) -> {
                        try {
                            return method.getName().equals("rollbackTo") ? null : method.invoke(branch, arguments);
                        } catch (InvocationTargetException failed) {
                            throw failed.getCause();
                        }
                    });
        }
    }
}
