// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as people write them: 30s, 15m, 12h, 7d. */
final class Durations {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([1-9][0-9]{0,8})([smhd])");

    private Durations() {}

    /** @throws CommandFailure if it is written otherwise */
    static Duration parse(String text) {
        Matcher parts = NUMBER_AND_UNIT.matcher(text);
        if (!parts.matches()) {
            throw CommandFailure.usage(
                    "\"" + Printable.of(text, Screen.COLUMNS)
                            + "\" is no time: write a number and its unit, such as 30s, 15m, 12h or 7d.",
                    null);
        }
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
