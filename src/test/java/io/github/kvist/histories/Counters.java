// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

import io.github.kvist.api.Entry;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.testkit.Anomaly.Kind;
import io.github.kvist.testkit.History.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/** Counts by single operations: {@code compute}, {@code putIfAbsent}, and {@code replace} of the version that was seen before. */
final class Counters implements Workload {

    private static final List<String> COUNTERS = List.of("c0", "c1", "c2", "c3");
    private static final Table<String, Cell> TABLE = Table.of("counters", Keys.string(), Cell.CODEC);
    private static final Cell ZERO = new Cell(Step.NOTHING, 0, 0);

    @Override
    public void step(Recorder recorder, Random random) {
        String counter = COUNTERS.get(random.nextInt(COUNTERS.size()));
        switch (random.nextInt(5)) {
            case 0 -> recorder.read(random, (tx, notes) -> readAll(recorder, tx, notes));
            case 1 -> recorder.single((store, notes) -> getAll(recorder, store, notes));
            case 2 -> recorder.single((store, notes) -> compute(recorder, store, notes, counter));
            case 3 -> recorder.single((store, notes) -> putIfAbsent(recorder, store, notes, counter));
            default -> replace(recorder, counter);
        }
    }

    private static Cell next(Recorder recorder, Notes notes, String counter, Cell old) {
        Cell next = new Cell(recorder.fresh(), old.amount() + 1, old.element());
        notes.replaced(counter, old.element(), next.element());
        return next;
    }

    private static void compute(Recorder recorder, KvStore store, Notes notes, String counter) {
        store.in(TABLE).compute(counter, old -> {
            notes.restart();
            return next(recorder, notes, counter, Objects.requireNonNullElse(old, ZERO));
        });
    }

    private static void putIfAbsent(Recorder recorder, KvStore store, Notes notes, String counter) {
        Cell first = next(recorder, notes, counter, ZERO);
        Optional<Cell> before = store.in(TABLE).putIfAbsent(counter, first);
        if (before.isPresent()) {
            notes.restart();
            saw(recorder, notes, counter, before.get());
        }
    }

    private static void replace(Recorder recorder, String counter) {
        List<Entry<String, Cell>> seen = new ArrayList<>();
        recorder.single((store, notes) -> {
            Optional<Entry<String, Cell>> entry = store.in(TABLE).entry(counter);
            see(recorder, notes, counter, entry.map(Entry::value));
            entry.ifPresent(seen::add);
        });
        for (Entry<String, Cell> old : seen) {
            recorder.single((store, notes) -> {
                Cell next = next(recorder, notes, counter, old.value());
                if (!store.in(TABLE).replace(counter, old.version(), next)) {
                    notes.restart();
                }
            });
        }
    }

    private static void getAll(Recorder recorder, KvStore store, Notes notes) {
        Map<String, Cell> found = store.in(TABLE).getAll(COUNTERS);
        for (String counter : COUNTERS) {
            see(recorder, notes, counter, Optional.ofNullable(found.get(counter)));
        }
    }

    private static void see(Recorder recorder, Notes notes, String counter, Optional<Cell> cell) {
        cell.ifPresentOrElse(there -> saw(recorder, notes, counter, there), () -> notes.saw(counter, Step.NOTHING));
    }

    private static void saw(Recorder recorder, Notes notes, String counter, Cell cell) {
        notes.saw(counter, cell);
        if ((cell.amount() == 1) != (cell.other() == Step.NOTHING)) {
            recorder.found(Kind.BROKEN_INVARIANT, counter + " is " + cell);
        }
    }

    @Override
    public void readAll(Recorder recorder, ReadTransaction tx, Notes notes) {
        for (String counter : COUNTERS) {
            see(recorder, notes, counter, tx.in(TABLE).get(counter));
        }
    }
}
