// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

import io.github.kvist.api.Entry;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.testkit.Anomaly.Kind;
import io.github.kvist.testkit.History.Step;
import java.util.Random;

/** Moves money from account to account: in every view all of it is there. */
final class Bank implements Workload {

    private static final int ACCOUNTS = 8;
    private static final int MONEY = 100;
    private static final Table<String, Cell> TABLE = Table.of("accounts", Keys.string(), Cell.CODEC);

    @Override
    public void prepare(Recorder recorder) {
        recorder.single((store, notes) -> store.update(tx -> {
            notes.restart();
            for (int i = 0; i < ACCOUNTS; i++) {
                put(recorder, tx, notes, "a" + i, Step.NOTHING, MONEY);
            }
        }));
    }

    private static void put(Recorder recorder, WriteTransaction tx, Notes notes, String account, int over, int amount) {
        int element = recorder.fresh();
        tx.in(TABLE).put(account, new Cell(element, amount, 0));
        notes.replaced(account, over, element);
    }

    @Override
    public void step(Recorder recorder, Random random) {
        if (random.nextInt(3) == 0) {
            recorder.read(random, (tx, notes) -> readAll(recorder, tx, notes));
        } else {
            int from = random.nextInt(ACCOUNTS);
            int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
            int amount = 1 + random.nextInt(40);
            recorder.write(random, (tx, notes) -> transfer(recorder, tx, notes, "a" + from, "a" + to, amount));
        }
    }

    private static void transfer(
            Recorder recorder, WriteTransaction tx, Notes notes, String from, String to, int amount) {
        Cell source = tx.in(TABLE).get(from).orElseThrow();
        notes.saw(from, source);
        if (source.amount() >= amount) {
            Cell target = tx.in(TABLE).get(to).orElseThrow();
            put(recorder, tx, notes, from, source.element(), source.amount() - amount);
            put(recorder, tx, notes, to, target.element(), target.amount() + amount);
        }
    }

    @Override
    public void readAll(Recorder recorder, ReadTransaction tx, Notes notes) {
        int sum = 0;
        for (Entry<String, Cell> account : tx.in(TABLE).scan()) {
            notes.saw(account.key(), account.value());
            sum += account.value().amount();
        }
        if (sum != ACCOUNTS * MONEY) {
            recorder.found(Kind.BROKEN_INVARIANT, "%d in the bank, at revision %d".formatted(sum, tx.revision()));
        }
    }
}
