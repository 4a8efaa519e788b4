// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import java.util.Collection;

/** How the files of a store are called. */
final class StoreFiles {
    static final String MANIFEST = "MANIFEST";
    static final String LOCK = "kvist.lock";
    static final String HOLDER = "kvist.holder";
    static final String UNFINISHED = ".tmp";

    private static final String SEGMENT = "log-";
    private static final String CHECKPOINT = "checkpoint-";
    private static final int DIGITS = 10;

    private StoreFiles() {}

    static String segment(int number) {
        return SEGMENT + tenDigits(number);
    }

    static String checkpoint(int number) {
        return CHECKPOINT + tenDigits(number);
    }

    /** The bytes that were cut from a segment. */
    static String torn(int segment, long position) {
        return "torn-" + tenDigits(segment) + "-" + position;
    }

    /** The number of a segment, 0 if {@code name} is none. */
    static int segmentNumber(String name) {
        return number(SEGMENT, name);
    }

    /** The number of a checkpoint, 0 if {@code name} is none. */
    static int checkpointNumber(String name) {
        return number(CHECKPOINT, name);
    }

    /** Whether a file was being written when a process ended. */
    static boolean isUnfinished(String name) {
        if (!name.endsWith(UNFINISHED)) {
            return false;
        }
        String finished = name.substring(0, name.length() - UNFINISHED.length());
        return finished.equals(MANIFEST) || hasNumber(SEGMENT, finished) || hasNumber(CHECKPOINT, finished);
    }

    // By hand: patterns and formats are worth several milliseconds of a cold opening.
    private static String tenDigits(int number) {
        String digits = Integer.toString(number);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }

    private static boolean hasNumber(String prefix, String name) {
        if (!name.startsWith(prefix) || name.length() != prefix.length() + DIGITS) {
            return false;
        }
        for (int i = prefix.length(); i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static int number(String prefix, String name) {
        if (!hasNumber(prefix, name)) {
            return 0;
        }
        long number = Long.parseLong(name, prefix.length(), name.length(), 10);
        return number <= Integer.MAX_VALUE ? (int) number : 0;
    }

    /** Whether these are at most what is left when making a store is interrupted before its manifest is in place. */
    static boolean areOfAnUnmadeStore(Collection<String> names) {
        return names.stream()
                .allMatch(name -> name.equals(LOCK) || name.equals(HOLDER) || name.equals(MANIFEST + UNFINISHED));
    }
}
