// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

/** Where the fuzzer comes in: the property {@code kvist.fuzz.target} names the target. */
public final class FuzzEntry {
    private static final FuzzTarget TARGET =
            FuzzTarget.valueOf(System.getProperty("kvist.fuzz.target", FuzzTarget.HEADERS.name()));

    private FuzzEntry() {}

    /** Called by the fuzzer before all else: classes are loaded and instrumented when the first inputs are timed. */
    public static void fuzzerInitialize() {
        TARGET.seeds().forEach(TARGET::read);
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        TARGET.fuzz(data);
    }
}
