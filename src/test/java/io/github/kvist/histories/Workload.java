// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

import io.github.kvist.api.ReadTransaction;
import io.github.kvist.testkit.Together;
import java.util.Random;

/**
 * What many threads do to one store at the same time. Each transaction notes all that it sees and writes, and what a single view must never
 * show the workload tells its {@link Recorder}. Safe for any number of threads.
 */
public interface Workload {

    /** So many of each thread when the store refuses to serve. */
    int LAST_STEPS = 8;

    /** Writes what the others rely on; called once, before all threads. */
    default void prepare(Recorder recorder) {}

    /** One transaction at random. */
    void step(Recorder recorder, Random random);

    /** Reads all that was ever written. */
    void readAll(Recorder recorder, ReadTransaction tx, Notes notes);

    /**
     * Lets threads take so many steps each. If the store refuses to serve they take only few more, for it still answers reads: what it shows
     * then must be there when it is opened again.
     */
    default void run(Recorder recorder, int threads, int steps, long seed) throws Exception {
        Together.run(threads, thread -> {
            Random random = new Random(seed + thread);
            int more = LAST_STEPS;
            for (int i = 0; i < steps && more > 0; i++) {
                step(recorder, random);
                more -= recorder.isBroken() ? 1 : 0;
            }
            return 0;
        });
    }
}
