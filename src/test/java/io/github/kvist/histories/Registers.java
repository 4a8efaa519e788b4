// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Savepoint;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import java.util.Random;

/** Reads some registers and replaces others in one transaction, one of them perhaps twice, or takes part of it back. */
final class Registers implements Workload {

    private static final int REGISTERS = 8;
    private static final Table<String, Cell> TABLE = Table.of("registers", Keys.string(), Cell.CODEC);

    private static String any(Random random) {
        return "r" + random.nextInt(REGISTERS);
    }

    @Override
    public void step(Recorder recorder, Random random) {
        if (random.nextInt(4) == 0) {
            recorder.read(random, (tx, notes) -> readAll(recorder, tx, notes));
        } else {
            long seed = random.nextLong();
            recorder.write(random, (tx, notes) -> write(recorder, tx, notes, new Random(seed)));
        }
    }

    private static void write(Recorder recorder, WriteTransaction tx, Notes notes, Random random) {
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0, 1 -> read(tx, notes, any(random));
                case 2 -> takeBack(recorder, tx, any(random));
                default -> replace(recorder, tx, notes, any(random));
            }
        }
    }

    private static int read(ReadTransaction tx, Notes notes, String key) {
        return notes.saw(key, tx.in(TABLE).getOrNull(key));
    }

    private static void replace(Recorder recorder, WriteTransaction tx, Notes notes, String key) {
        int over = read(tx, notes, key);
        int element = recorder.fresh();
        tx.in(TABLE).put(key, new Cell(element, 0, 0));
        notes.replaced(key, over, element);
    }

    /** Nobody may ever see what was written here. */
    private static void takeBack(Recorder recorder, WriteTransaction tx, String key) {
        Savepoint savepoint = tx.savepoint();
        tx.in(TABLE).put(key, new Cell(recorder.fresh(), 0, 0));
        tx.rollbackTo(savepoint);
    }

    @Override
    public void readAll(Recorder recorder, ReadTransaction tx, Notes notes) {
        for (int i = 0; i < REGISTERS; i++) {
            read(tx, notes, "r" + i);
        }
    }
}
