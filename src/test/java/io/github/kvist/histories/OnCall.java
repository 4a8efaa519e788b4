// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

import io.github.kvist.api.Entry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.testkit.Anomaly.Kind;
import io.github.kvist.testkit.History.Step;
import java.util.List;
import java.util.Random;

/** Doctors go home if another one of their shift stays: write skew lets the last two go together. */
final class OnCall implements Workload {

    private static final int SHIFTS = 3;
    private static final int DOCTORS = 3;
    private static final Table<String, Cell> TABLE = Table.of("doctors", Keys.string(), Cell.CODEC);

    private static String doctor(int shift, int doctor) {
        return "s" + shift + "/d" + doctor;
    }

    @Override
    public void prepare(Recorder recorder) {
        recorder.single((store, notes) -> store.update(tx -> {
            notes.restart();
            for (int shift = 0; shift < SHIFTS; shift++) {
                for (int doctor = 0; doctor < DOCTORS; doctor++) {
                    put(recorder, tx, notes, doctor(shift, doctor), Step.NOTHING, 1);
                }
            }
        }));
    }

    private static void put(Recorder recorder, WriteTransaction tx, Notes notes, String doctor, int over, int here) {
        int element = recorder.fresh();
        tx.in(TABLE).put(doctor, new Cell(element, here, 0));
        notes.replaced(doctor, over, element);
    }

    @Override
    public void step(Recorder recorder, Random random) {
        int shift = random.nextInt(SHIFTS);
        String doctor = doctor(shift, random.nextInt(DOCTORS));
        if (random.nextInt(4) == 0) {
            recorder.read(random, (tx, notes) -> readAll(recorder, tx, notes));
        } else {
            recorder.write(random, (tx, notes) -> comeOrGo(recorder, tx, notes, shift, doctor));
        }
    }

    private static void comeOrGo(Recorder recorder, WriteTransaction tx, Notes notes, int shift, String doctor) {
        List<Entry<String, Cell>> all = read(recorder, tx, notes, shift);
        int here = here(all);
        for (Entry<String, Cell> each : all) {
            if (each.key().equals(doctor)) {
                int element = each.value().element();
                if (each.value().amount() == 0) {
                    put(recorder, tx, notes, doctor, element, 1);
                } else if (here > 1) {
                    put(recorder, tx, notes, doctor, element, 0);
                }
            }
        }
    }

    private static int here(List<Entry<String, Cell>> shift) {
        return shift.stream().mapToInt(doctor -> doctor.value().amount()).sum();
    }

    private static List<Entry<String, Cell>> read(Recorder recorder, ReadTransaction tx, Notes notes, int shift) {
        List<Entry<String, Cell>> all =
                tx.in(TABLE).scan(KeyRange.prefix("s" + shift + "/")).toList();
        all.forEach(doctor -> notes.saw(doctor.key(), doctor.value()));
        if (here(all) == 0) {
            recorder.found(Kind.BROKEN_INVARIANT, "nobody in shift %d, at revision %d".formatted(shift, tx.revision()));
        }
        return all;
    }

    @Override
    public void readAll(Recorder recorder, ReadTransaction tx, Notes notes) {
        for (int shift = 0; shift < SHIFTS; shift++) {
            read(recorder, tx, notes, shift);
        }
    }
}
