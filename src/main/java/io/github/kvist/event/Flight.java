// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.event;

import jdk.jfr.FlightRecorder;

/**
 * Whether anybody records.
 *
 * <p>Events are classes that the recorder loads and changes, which takes milliseconds: far too long for opening a store in a
 * fresh process, and nothing that is of use while nobody looks. A run-time image without the recorder has no events.
 */
public final class Flight {

    private static final boolean IS_PRESENT =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private Flight() {}

    /** One field read, but for the first call. */
    public static boolean isOn() {
        return IS_PRESENT && FlightRecorder.isInitialized();
    }
}
