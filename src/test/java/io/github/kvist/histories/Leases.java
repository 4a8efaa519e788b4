// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

import io.github.kvist.api.Expiry;
import io.github.kvist.api.ReadTransaction;
import io.github.kvist.api.Table;
import io.github.kvist.api.WriteTransaction;
import io.github.kvist.codec.Keys;
import io.github.kvist.testkit.Anomaly.Kind;
import io.github.kvist.testkit.History.Step;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries that expire while the clock leaps forth and back. Beside each stands one that does not, written in the same transactions: it says
 * which lease there must be and until when, so that every view can be judged.
 */
final class Leases implements Workload {

    private static final int LEASES = 6;

    /** Of a lease that was given back: nobody may see it. */
    private static final int RETURNED = Integer.MIN_VALUE;

    private static final Table<String, Cell> LEDGER = Table.of("ledger", Keys.string(), Cell.CODEC);
    private static final Table<String, Cell> TABLE = Table.of("leases", Keys.string(), Cell.CODEC);

    /** When a view had shown that a lease was over, by its element in the ledger. */
    private final Map<Integer, Long> over = new ConcurrentHashMap<>();

    @Override
    public void step(Recorder recorder, Random random) {
        if (random.nextInt(12) == 0) {
            recorder.clock().leap(random);
        }
        if (random.nextInt(3) == 0) {
            recorder.snapshot((tx, notes) -> readAll(recorder, tx, notes));
        } else {
            String lease = "l" + random.nextInt(LEASES);
            long seed = random.nextLong();
            recorder.begin(random, (tx, notes) -> write(recorder, tx, notes, lease, new Random(seed)));
        }
    }

    private void write(Recorder recorder, WriteTransaction tx, Notes notes, String lease, Random random) {
        Cell before = read(recorder, tx, notes, lease);
        int deadline = (int) recorder.clock().now() + random.nextInt(1500) - 200;
        int element = recorder.fresh();
        switch (random.nextInt(6)) {
            case 0 -> {
                tx.in(TABLE).delete(lease);
                note(tx, notes, lease, before, new Cell(element, RETURNED, 0));
            }
            case 1, 2 -> {
                if (before != null && tx.in(TABLE).touch(lease, Expiry.at(JumpingClock.at(deadline)))) {
                    note(tx, notes, lease, before, new Cell(element, deadline, before.other()));
                }
            }
            default -> {
                Cell taken = new Cell(element, deadline, element);
                tx.in(TABLE).put(lease, taken, Expiry.at(JumpingClock.at(deadline)));
                note(tx, notes, lease, before, taken);
            }
        }
        read(recorder, tx, notes, lease);
    }

    private static void note(WriteTransaction tx, Notes notes, String lease, @Nullable Cell before, Cell after) {
        tx.in(LEDGER).put(lease, after);
        notes.replaced(lease, before == null ? Step.NOTHING : before.element(), after.element());
    }

    private @Nullable Cell read(Recorder recorder, ReadTransaction tx, Notes notes, String lease) {
        Cell ledger = tx.in(LEDGER).getOrNull(lease);
        notes.saw(lease, ledger);
        Cell present = tx.in(TABLE).getOrNull(lease);
        if (present != null) {
            checkPresent(recorder, notes, ledger, present);
        } else if (ledger != null && ledger.amount() != RETURNED) {
            checkOver(recorder, ledger);
        }
        return ledger;
    }

    private void checkPresent(Recorder recorder, Notes notes, @Nullable Cell ledger, Cell present) {
        if (ledger == null || ledger.other() != present.element()) {
            recorder.found(Kind.BROKEN_INVARIANT, "%s is there, the ledger says %s".formatted(present, ledger));
        } else if (ledger.amount() <= notes.notBefore()) {
            recorder.found(
                    Kind.WRONG_LIFETIME,
                    "%s is there at %d, and should be until %d".formatted(present, notes.notBefore(), ledger.amount()));
        } else if (over.getOrDefault(ledger.element(), Long.MAX_VALUE) < notes.began()) {
            recorder.found(Kind.WRONG_LIFETIME, "%s is there again".formatted(present));
        }
    }

    private void checkOver(Recorder recorder, Cell ledger) {
        if (ledger.amount() > recorder.clock().highest()) {
            recorder.found(
                    Kind.WRONG_LIFETIME,
                    "%s is gone, and it never was later than %d"
                            .formatted(ledger, recorder.clock().highest()));
        }
        over.putIfAbsent(ledger.element(), System.nanoTime());
        recorder.clock().notBefore(ledger.amount());
    }

    @Override
    public void readAll(Recorder recorder, ReadTransaction tx, Notes notes) {
        for (int i = 0; i < LEASES; i++) {
            read(recorder, tx, notes, "l" + i);
        }
    }
}
