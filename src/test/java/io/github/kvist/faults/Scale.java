// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import java.util.Locale;

/** How much a campaign tries: the property {@code kvist.scale} says it for the whole run. */
public enum Scale {
    /** Seconds each, in every {@code mvn verify}. */
    SMALL,
    /** Minutes each, before a change is merged: {@code mvn -P campaigns test}. */
    CI,
    /** Hours: {@code mvn -P soak test}. */
    SOAK;

    public static Scale now() {
        return valueOf(System.getProperty("kvist.scale", "small").toUpperCase(Locale.ROOT));
    }

    /** One of three numbers. */
    public static int pick(int small, int ci, int soak) {
        return switch (now()) {
            case SMALL -> small;
            case CI -> ci;
            case SOAK -> soak;
        };
    }
}
