// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.postgres;

import io.github.kvist.api.Options;
import io.github.kvist.api.Retention;
import java.time.Duration;

/** Which commits are kept for watches that resume and for transactions that are checked. */
final class Retained {

    private static final Retention DEFAULT = new Retention(100_000, Duration.ZERO, Long.MAX_VALUE);

    private Retained() {}

    /** What the options ask for; on a server that is more than in memory, unless they say. */
    static Retention of(Options options) {
        return options.history().equals(Options.defaults().history()) ? DEFAULT : options.history();
    }

    static long millis(Retention kept) {
        try {
            return kept.age().toMillis();
        } catch (ArithmeticException forEver) {
            return Long.MAX_VALUE / 2;
        }
    }
}
