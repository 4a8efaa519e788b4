// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.util.Locale;

/** Numbers as the command prints them, alike in every locale. */
final class Figures {
    private static final double NANOS_PER_SECOND = 1e9;

    private Figures() {}

    static String number(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** Such as "1 class" or "1,200 classes". */
    static String counted(long n, String one, String many) {
        return number(n) + " " + (n == 1 ? one : many);
    }

    static String duration(long nanos) {
        double seconds = nanos / NANOS_PER_SECOND;
        return seconds < 1
                ? String.format(Locale.ROOT, "%.0f ms", seconds * 1_000)
                : String.format(Locale.ROOT, "%.1f s", seconds);
    }

    static String perSecond(long count, long nanos) {
        return number(Math.round(count / (Math.max(1, nanos) / NANOS_PER_SECOND)));
    }
}
