// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

/** Text that does to a terminal what text should, and nothing else. */
final class Printable {
    private Printable() {}

    /** The text with everything that has no shape of its own (control characters, escapes, marks of direction) spelled out. */
    static String of(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (isPlain(point)) {
                shown.appendCodePoint(point);
            } else {
                shown.append("\\u{%x}".formatted(point));
            }
        });
        return shown.toString();
    }

    /** As {@link #of}, and cut to so many code points, the last three of which are dots if something was cut off. */
    static String of(String text, int pointsMax) {
        String shown = of(text);
        if (shown.codePointCount(0, shown.length()) <= pointsMax) {
            return shown;
        }
        return shown.substring(0, shown.offsetByCodePoints(0, pointsMax - 3)) + "...";
    }

    private static boolean isPlain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
