// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Expiry;
import io.github.kvist.testkit.SimulatedDisk;
import java.time.Instant;
import java.util.Random;

/**
 * All that happens to a store in its life: commits of each durability, transactions over two tables, full segments, checkpoints and
 * cuts of the log, sweeps, a backup, a restore, two new definitions, closing, and being killed. The same for the same seed.
 */
final class WholeStoreWork {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final int AFTER_CRASH = 1_000_000;

    private final Program program;
    private final Random random;
    private int badges;

    private WholeStoreWork(Program program, Random random) {
        this.program = program;
        this.random = random;
    }

    /** That of a store which is not there yet. */
    static WholeStoreWork of(long seed) {
        Told told = Told.nothing(START.toEpochMilli());
        return new WholeStoreWork(new Program(new SimulatedDisk(), told, 0), new Random(seed));
    }

    /** That of a program which finds a store after a crash, under a definition that the store may not know yet. */
    static WholeStoreWork after(SimulatedDisk found, Told told, int definition, Random random) {
        Program program = new Program(found, told, definition);
        program.define(definition);
        WholeStoreWork work = new WholeStoreWork(program, random);
        work.badges = AFTER_CRASH + random.nextInt(AFTER_CRASH);
        return work;
    }

    Program program() {
        return program;
    }

    /** From the making of the store on. */
    void wholeLife() {
        program.session(
                true,
                this::fill,
                this::overwrite,
                program::checkpoint,
                program::backup,
                this::overwrite,
                program::sweep);
        program.define(1);
        program.session(random.nextBoolean(), this::overwrite, this::fill, program::killed);
        program.session(
                true,
                this::overwrite,
                program::restore,
                this::fill,
                program::verify,
                program::sweep,
                program::checkpoint);
        program.define(2);
        program.session(random.nextBoolean(), this::fill, program::checkpoint, this::overwrite, program::becomesDue);
        program.session(true, program::checkpoint);
    }

    /** Recovers, writes a little, and closes. */
    void restart() {
        program.session(random.nextBoolean(), () -> {
            put(Durability.OS);
            put(Durability.OS);
            put(Durability.SYNC);
            put(Durability.OS);
        });
    }

    /** Transactions over two tables. */
    private void fill() {
        for (int i = 0; i < 3; i++) {
            String key = "p" + random.nextInt(12);
            String session = "s" + random.nextInt(6);
            String person = person();
            long deadline = program.told().millis() + 1000L * (1 + random.nextInt(3));
            int definition = program.definition();
            program.commit(
                    Durability.SYNC,
                    before -> before.with("people", key, person).with("sessions", session, key + "|", deadline),
                    tx -> {
                        tx.in(WholeStore.people(definition)).put(key, person);
                        tx.in(WholeStore.sessions()).put(session, key + "|", Expiry.at(Instant.ofEpochMilli(deadline)));
                    });
        }
    }

    private String person() {
        badges++;
        return WholeStore.value("city" + random.nextInt(3), "b" + badges, random.nextInt(600));
    }

    /** Enough for a segment or two, most of it not synced at once. */
    private void overwrite() {
        for (int i = 1; i <= 12; i++) {
            Durability durability = i % 6 == 0 ? Durability.SYNC : Durability.OS;
            if (random.nextInt(4) == 0) {
                delete(durability);
            } else {
                put(durability);
            }
        }
    }

    private void put(Durability durability) {
        String key = "p" + random.nextInt(12);
        String person = person();
        int definition = program.definition();
        program.commit(
                durability,
                before -> before.with("people", key, person),
                tx -> tx.in(WholeStore.people(definition)).put(key, person));
    }

    private void delete(Durability durability) {
        String key = "p" + random.nextInt(12);
        int definition = program.definition();
        program.commit(
                durability,
                before -> before.without("people", key),
                tx -> tx.in(WholeStore.people(definition)).delete(key));
    }
}
