// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Change;
import io.github.kvist.api.Expiry;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.HeapStorage;
import io.github.kvist.testkit.SettableClock;
import io.github.kvist.testkit.StoreModel;
import io.github.kvist.testkit.StoreModel.Item;
import io.github.kvist.testkit.StoreProgram;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a program does (writes of every kind, transactions with savepoints, snapshots read again later, forks and merges,
 * images, exports, differences, sweeps, and a clock that is moved back and forth), the store holds what plain sorted maps hold.
 */
class StoreModelTest {

    /** Keeps a deadline in every store, so that each view looks at the clock, as the model does. */
    private static final Table<String, String> PROBE = Table.of("probe", Keys.string(), Values.string());

    private static final int STORES_MAX = 3;
    private static final int SNAPSHOTS_MAX = 4;

    /** A store, what it must hold, and the latest instant at which anybody looked at it. */
    private static final class Universe implements AutoCloseable {
        private final KvStore store;
        private final StoreModel model;
        private long now;

        /** For a fork: where it came from, and what it held then or when it was merged last. */
        private @Nullable Universe origin;

        private StoreModel base = new StoreModel();
        private final Map<Snapshot, StoreModel> snapshots = new LinkedHashMap<>();

        Universe(KvStore store, StoreModel model, long now) {
            this.store = store;
            this.model = model;
            this.now = now;
            // A store tells of changes in the types of the tables that it was given.
            store.in(StoreModel.PEOPLE);
            store.in(StoreModel.COUNTERS);
        }

        @Override
        public void close() {
            snapshots.keySet().forEach(Snapshot::close);
            store.close();
        }
    }

    private SettableClock clock = new SettableClock(Instant.EPOCH);
    private final List<Universe> universes = new ArrayList<>();
    private Random random = new Random();

    @Property(tries = 1000)
    void aStoreInMemoryHoldsWhatPlainMapsHold(@ForAll("programs") int[] program) {
        run(program, () -> Kvist.open("memory:", Options.defaults().clock(clock)));
    }

    @Property(tries = 100)
    void aDurableStoreHoldsWhatPlainMapsHold(@ForAll("programs") int[] program) {
        run(program, () -> Kvist.open(new HeapStorage(), Options.defaults().clock(clock)));
    }

    /** Each number is a step; 0, towards which they shrink, does nothing. */
    @Provide
    Arbitrary<int[]> programs() {
        return Arbitraries.integers().between(0, 1 << 24).array(int[].class).ofSize(200);
    }

    private void run(int[] program, Supplier<KvStore> open) {
        clock = new SettableClock(Instant.ofEpochMilli(1_000_000));
        universes.clear();
        try {
            KvStore store = open.get();
            store.in(PROBE).put("probe", "", Expiry.after(Duration.ofDays(365)));
            universes.add(new Universe(store, new StoreModel(), clock.millis()));
            for (int step : program) {
                if (step != 0) {
                    // Spread: the first draws of neighbouring seeds are alike.
                    random = new Random(step * 0x9E3779B97F4A7C15L);
                    Universe in = universes.get(random.nextInt(universes.size()));
                    step(in, open);
                }
            }
            universes.forEach(this::assertHolds);
            universes.forEach(
                    each -> assertThat(each.store.admin().verify().findings()).isEmpty());
        } finally {
            universes.forEach(Universe::close);
        }
    }

    private void step(Universe in, Supplier<KvStore> open) {
        StoreProgram program = new StoreProgram(random);
        switch (random.nextInt(24)) {
            case 0, 1 -> moveClock();
            case 2, 3 -> explicit(in, program);
            case 4, 5 -> managed(in, program);
            case 6 -> in.store.admin().sweep();
            case 7 -> snapshot(in);
            case 8 -> readAgain(in);
            case 9 -> difference(in);
            case 10 -> fork(in);
            case 11 -> merge(in);
            case 12 -> image(in, open);
            case 13 -> export(in, open);
            case 14 -> assertHolds(in);
            default -> program.write(in.store::in, in.model, in.now);
        }
    }

    /** All stores look at the clock, since each may sweep at any time by what it sees there. */
    private void moveClock() {
        clock.move(Duration.ofMillis(random.nextInt(120) - 40));
        for (Universe each : universes) {
            each.store.read(view -> view.in(PROBE).count());
            each.now = Math.max(each.now, clock.millis());
            each.model.expire(each.now);
        }
    }

    private void assertHolds(Universe in) {
        in.store.<@Nullable Object>read(view -> {
            in.model.assertIs(view);
            return null;
        });
    }

    private void explicit(Universe in, StoreProgram program) {
        StoreModel changed = in.model.copy();
        try (WriteTransaction transaction = in.store.begin()) {
            program.transaction(transaction, changed, in.now);
            if (random.nextInt(3) > 0) {
                long revision = transaction.commit();
                assertThat(revision).isGreaterThanOrEqualTo(0);
                in.model.become(changed);
            }
        }
    }

    private static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private void managed(Universe in, StoreProgram program) {
        StoreModel changed = in.model.copy();
        boolean isAbandoned = random.nextInt(4) == 0;
        try {
            in.store.update(transaction -> {
                changed.become(in.model);
                program.transaction(transaction, changed, in.now);
                if (isAbandoned) {
                    throw new Abandoned();
                }
            });
            in.model.become(changed);
        } catch (Abandoned expected) {
            assertThat(isAbandoned).isTrue();
        }
    }

    private void snapshot(Universe in) {
        if (in.snapshots.size() < SNAPSHOTS_MAX) {
            in.snapshots.put(in.store.snapshot(), in.model.copy());
        }
    }

    private void readAgain(Universe in) {
        in.snapshots.forEach((snapshot, model) -> model.assertIs(snapshot));
        if (random.nextInt(3) == 0) {
            in.snapshots.keySet().stream().findFirst().ifPresent(oldest -> {
                oldest.close();
                in.snapshots.remove(oldest);
            });
        }
    }

    /** What differs between two snapshots, put into the model of one, makes that of the other. */
    private void difference(Universe in) {
        List<Snapshot> snapshots = List.copyOf(in.snapshots.keySet());
        if (snapshots.size() < 2) {
            return;
        }
        Snapshot from = snapshots.get(random.nextInt(snapshots.size()));
        Snapshot to = snapshots.get(random.nextInt(snapshots.size()));
        StoreModel before = Objects.requireNonNull(in.snapshots.get(from));
        StoreModel after = Objects.requireNonNull(in.snapshots.get(to));
        Map<Object, List<@Nullable Object>> expected = new LinkedHashMap<>();
        differences(before.counters, after.counters, expected);
        differences(before.people, after.people, expected);
        Map<Object, List<@Nullable Object>> reported = new LinkedHashMap<>();
        try (Stream<Change<?, ?>> changes = in.store.diff(from, to)) {
            changes.forEach(change -> reported.put(change.key(), Arrays.asList(change.before(), change.after())));
        }
        assertThat(reported).isEqualTo(expected);
    }

    private static <K, V> void differences(
            NavigableMap<K, Item<V>> before,
            NavigableMap<K, Item<V>> after,
            Map<Object, List<@Nullable Object>> differences) {
        Stream.concat(before.keySet().stream(), after.keySet().stream())
                .distinct()
                .filter(key -> !Objects.equals(before.get(key), after.get(key)))
                .forEach(key -> differences.put(key, Arrays.asList(value(before.get(key)), value(after.get(key)))));
    }

    private static <V> @Nullable V value(@Nullable Item<V> item) {
        return item == null ? null : item.value();
    }

    private void fork(Universe in) {
        if (universes.size() == STORES_MAX) {
            return;
        }
        try (Snapshot snapshot = in.store.snapshot()) {
            Universe fork = new Universe(snapshot.fork(), in.model.copy(), in.now);
            fork.origin = in;
            fork.base = in.model.copy();
            universes.add(fork);
        }
    }

    private void merge(Universe fork) {
        Universe origin = fork.origin;
        if (origin == null) {
            return;
        }
        long now = Math.max(fork.now, origin.now);
        fork.base.expire(now);
        StoreModel merged = origin.model.copy();
        boolean fits = mergeInto(merged.people, fork.base.people, fork.model.people)
                & mergeInto(merged.counters, fork.base.counters, fork.model.counters);
        boolean isUnique = merged.people.entrySet().stream()
                .noneMatch(
                        entry -> merged.isTaken(entry.getKey(), entry.getValue().value()));
        if (fits && isUnique) {
            origin.store.merge(fork.store);
            origin.model.become(merged);
            fork.base = fork.model.copy();
        } else {
            assertThatThrownBy(() -> origin.store.merge(fork.store)).isInstanceOf(KvException.Conflict.class);
        }
        assertHolds(origin);
    }

    /** Brings what changed over; false if that was also changed here. */
    private static <K, V> boolean mergeInto(
            NavigableMap<K, Item<V>> here, NavigableMap<K, Item<V>> base, NavigableMap<K, Item<V>> fork) {
        boolean fits = true;
        for (K key : Stream.concat(base.keySet().stream(), fork.keySet().stream())
                .distinct()
                .toList()) {
            Item<V> changed = fork.get(key);
            Item<V> original = base.get(key);
            if (!Objects.equals(changed, original)) {
                fits &= Objects.equals(here.get(key), original);
                if (changed == null) {
                    here.remove(key);
                } else {
                    here.put(key, changed);
                }
            }
        }
        return fits;
    }

    /** An image goes into a store of its own, which takes the place of a fork, or is looked at and forgotten. */
    private void image(Universe in, Supplier<KvStore> open) {
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        long revision;
        try (Snapshot snapshot = in.store.snapshot()) {
            revision = snapshot.revision();
            snapshot.writeTo(image);
        }
        Universe restored = new Universe(open.get(), in.model.copy(), in.now);
        boolean isReplacing = random.nextBoolean();
        if (isReplacing) {
            new StoreProgram(random).write(restored.store::in, new StoreModel(), clock.millis());
        }
        restored.store.admin().restore(new ByteArrayInputStream(image.toByteArray()), isReplacing);
        assertThat(restored.store.revision()).isGreaterThanOrEqualTo(revision);
        assertHolds(restored);
        keep(restored);
    }

    private void keep(Universe universe) {
        if (universes.size() < STORES_MAX) {
            universes.add(universe);
        } else {
            universe.close();
        }
    }

    /** Export and import keep everything but the versions, which are new. */
    private void export(Universe in, Supplier<KvStore> open) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        in.store.admin().exportJsonLines(lines);
        Universe imported = new Universe(open.get(), new StoreModel(), in.now);
        imported.store.admin().importJsonLines(new ByteArrayInputStream(lines.toByteArray()));
        in.model.people.forEach((key, item) ->
                imported.model.people.put(key, withVersionOf(imported.store, StoreModel.PEOPLE, key, item)));
        in.model.counters.forEach((key, item) ->
                imported.model.counters.put(key, withVersionOf(imported.store, StoreModel.COUNTERS, key, item)));
        assertHolds(imported);
        imported.close();
    }

    private static <K, V> Item<V> withVersionOf(KvStore store, Table<K, V> table, K key, Item<V> item) {
        return new Item<>(item.value(), store.in(table).entry(key).orElseThrow().version(), item.deadline());
    }
}
