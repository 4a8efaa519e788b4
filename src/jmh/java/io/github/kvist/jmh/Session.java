// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import java.time.Instant;

/** A record as an application keeps it: five fields, some 150 bytes of JSON. */
record Session(String id, String user, String token, Instant lastSeen, int visits) {

    static Session numbered(int number) {
        long seed = KeySet.Bytes.mix(number);
        return new Session(
                "session-%08x".formatted(number),
                "user-%d".formatted(number % 10_000),
                "%016x%016x".formatted(seed, KeySet.Bytes.mix(seed)),
                Instant.ofEpochSecond(1_700_000_000L + number, Math.floorMod(seed, 1_000) * 1_000_000L),
                number % 100);
    }
}
