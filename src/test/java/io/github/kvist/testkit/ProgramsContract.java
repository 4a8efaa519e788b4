// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.Kvist;
import io.github.kvist.api.Capability;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.WriteTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Programs drawn at random, done step by step to the store, to one in memory and to plain sorted maps: writes of every kind,
 * transactions with savepoints, sweeps, reopenings, and a clock that goes on. All three answer the same.
 */
@Needs({Capability.MULTI_KEY_TRANSACTIONS, Capability.SAVEPOINTS, Capability.EXPIRY, Capability.COMPARE_AND_SET})
abstract class ProgramsContract extends StoreContract {

    private static final int PROGRAMS = 16;
    private static final int STEPS = 100;

    private final SettableClock clock = new SettableClock(Instant.parse("2030-01-01T00:00:00Z"));

    @Override
    Options options() {
        return Options.defaults().clock(clock);
    }

    /** A store and what it must hold. */
    private final class Side {
        private final Random random;
        private final StoreModel model = new StoreModel();
        private KvStore store;

        Side(KvStore store, long seed) {
            this.store = store;
            this.random = new Random(seed);
        }

        /** Does what the numbers say, the same on each side. */
        void step() {
            StoreProgram program = new StoreProgram(random);
            long now = clock.millis();
            model.expire(now);
            switch (random.nextInt(12)) {
                case 0 -> store.admin().sweep();
                case 1, 2 -> explicit(program, now);
                case 3, 4 -> managed(random.nextLong(), now);
                default -> program.write(store::in, model, now);
            }
        }

        private void explicit(StoreProgram program, long now) {
            StoreModel changed = model.copy();
            try (WriteTransaction transaction = store.begin()) {
                program.transaction(transaction, changed, now);
                if (random.nextInt(3) > 0) {
                    transaction.commit();
                    model.become(changed);
                }
            }
        }

        /** The closure may run more than once, and does the same each time. */
        private void managed(long seed, long now) {
            StoreModel changed = model.copy();
            store.update(transaction -> {
                changed.become(model);
                new StoreProgram(new Random(seed)).transaction(transaction, changed, now);
            });
            model.become(changed);
        }

        void requireSame() {
            model.expire(clock.millis());
            assertThat(store.<Boolean>read(view -> {
                        model.assertIs(view);
                        return true;
                    }))
                    .isTrue();
        }
    }

    @Test
    void programsDoTheSameToEveryStore() {
        for (long seed = 1; seed <= rounds(PROGRAMS); seed++) {
            store.in(StoreModel.PEOPLE).clear();
            store.in(StoreModel.COUNTERS).clear();
            run(seed);
        }
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    private void run(long seed) {
        Random random = new Random(-seed);
        try (KvStore memory = Kvist.open("memory:", Options.defaults().clock(clock))) {
            Side tested = new Side(store, seed);
            Side plain = new Side(memory, seed);
            for (int step = 0; step < STEPS; step++) {
                clock.move(Duration.ofMillis(random.nextInt(30)));
                if (random.nextInt(40) == 0) {
                    reopen();
                    tested.store = store;
                }
                tested.step();
                plain.step();
                if (random.nextInt(8) == 0) {
                    tested.requireSame();
                    plain.requireSame();
                    assertThat(tested.model.counters.keySet()).isEqualTo(plain.model.counters.keySet());
                    assertThat(tested.model.people.keySet()).isEqualTo(plain.model.people.keySet());
                }
            }
        }
    }
}
