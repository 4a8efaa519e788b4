// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the files of a store are called. */
final class StoreFiles {
    static final String MANIFEST = "MANIFEST";
    static final String LOCK = "kvist.lock";
    static final String HOLDER = "kvist.holder";
    static final String UNFINISHED = ".tmp";

    private static final Pattern SEGMENT = Pattern.compile("log-([0-9]{10})");
    private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-([0-9]{10})");
    private static final Pattern TEMPORARY = Pattern.compile("(?:MANIFEST|log-[0-9]{10}|checkpoint-[0-9]{10})\\.tmp");

    private StoreFiles() {}

    static String segment(int number) {
        return "log-%010d".formatted(number);
    }

    static String checkpoint(int number) {
        return "checkpoint-%010d".formatted(number);
    }

    /** The bytes that were cut from a segment. */
    static String torn(int segment, long position) {
        return "torn-%010d-%d".formatted(segment, position);
    }

    /** The number of a segment, 0 if {@code name} is none. */
    static int segmentNumber(String name) {
        return number(SEGMENT, name);
    }

    /** The number of a checkpoint, 0 if {@code name} is none. */
    static int checkpointNumber(String name) {
        return number(CHECKPOINT, name);
    }

    private static int number(Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(name);
        if (!matcher.matches()) {
            return 0;
        }
        long number = Long.parseLong(matcher.group(1));
        return number <= Integer.MAX_VALUE ? (int) number : 0;
    }

    /** Whether a file was being written when a process ended. */
    static boolean isUnfinished(String name) {
        return TEMPORARY.matcher(name).matches();
    }

    /** Whether these are at most what is left when making a store is interrupted before its manifest is in place. */
    static boolean areOfAnUnmadeStore(Collection<String> names) {
        return names.stream()
                .allMatch(name -> name.equals(LOCK) || name.equals(HOLDER) || name.equals(MANIFEST + UNFINISHED));
    }
}
