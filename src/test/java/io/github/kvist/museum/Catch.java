// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.museum;

import java.time.Duration;
import java.util.Map;

/**
 * How an exhibit was caught.
 *
 * @param test the first that failed
 * @param after from the start of the detector to that failure, in a world that is still cold
 */
record Catch(String test, Duration after) {

    /**
     * Runs the detectors of an exhibit until one of them catches it.
     *
     * @throws AssertionError if none does, or if what failed is not what the defect broke
     */
    static Catch of(Exhibit exhibit) {
        Map<String, byte[]> broken = Patch.classes(exhibit);
        for (String detector : exhibit.detectors()) {
            DetectorRun run = DetectorRun.of(detector, Patch.world(broken));
            if (run.failure() != null) {
                requireEarned(exhibit, run.failure());
                return new Catch(run.failedTest(), run.untilFailure());
            }
        }
        throw new AssertionError("Nothing catches it if %s: %s pass. A defence that nothing guards needs a test."
                .formatted(exhibit, exhibit.detectors()));
    }

    /** Classes that do not fit together are no defect of the store. */
    private static void requireEarned(Exhibit exhibit, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LinkageError || cause instanceof ReflectiveOperationException) {
                throw new AssertionError(exhibit + ": the museum itself failed, and not the test.", failure);
            }
        }
    }
}
