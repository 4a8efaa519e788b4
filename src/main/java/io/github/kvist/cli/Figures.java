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

    /** Such as "512 bytes" or "1.5 MB", a thousand of each making one of the next. */
    static String bytes(long n) {
        if (n < 1_000) {
            return counted(n, "byte", "bytes");
        }
        double shown = n;
        int unit = -1;
        while (shown >= 999.95) {
            shown /= 1_000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %cB", shown, "kMGTPE".charAt(unit));
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
