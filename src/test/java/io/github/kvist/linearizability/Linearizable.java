// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.linearizability;

import io.github.kvist.faults.Campaign;
import io.github.kvist.faults.Scale;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * How much is tried, and how: by threads that run freely. Lincheck can also steer them through all their switches, but not through code that
 * reads a long out of an array of bytes, as the search in a page does.
 */
final class Linearizable {

    private Linearizable() {}

    /** Runs the operations of {@code structure} and compares with those of the same names of {@code model}. */
    static void check(Class<?> structure, Class<?> model) {
        int scenarios = Scale.pick(8, 100, 2000);
        int runs = Scale.pick(200, 1000, 1000);
        Campaign campaign = new Campaign("linearizability of " + structure.getSimpleName());
        new StressOptions()
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(2)
                .iterations(scenarios)
                .invocationsPerIteration(runs)
                .sequentialSpecification(model)
                .check(structure);
        campaign.count("scenarios", scenarios);
        campaign.count("runs", (long) scenarios * runs);
        campaign.end();
    }
}
