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

    /** Writes what the others rely on; called once, before all threads. */
    default void prepare(Recorder recorder) {}

    /** One transaction at random. */
    void step(Recorder recorder, Random random);

    /** Reads all that was ever written. */
    void readAll(Recorder recorder, ReadTransaction tx, Notes notes);

    /** Lets threads take so many steps each, or until the store refuses to serve. */
    default void run(Recorder recorder, int threads, int steps, long seed) throws Exception {
        Together.run(threads, thread -> {
            Random random = new Random(seed + thread);
            for (int i = 0; i < steps && !recorder.isBroken(); i++) {
                step(recorder, random);
            }
            return 0;
        });
    }
}
