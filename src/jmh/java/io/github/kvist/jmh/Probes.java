// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Keys in a fixed random order, in one run of memory so that fetching the next one hits the cache as a key does that has just
 * come in with a request. Shared by all threads; each walks through it with a {@link Walk} of its own.
 */
final class Probes {
    private final byte[] flat;
    private final int length;

    Probes(byte[] flat, int length) {
        this.flat = flat;
        this.length = length;
    }

    /** From a random place on, round and round. */
    Walk walk() {
        return new Walk(ThreadLocalRandom.current().nextInt(flat.length / length) * length);
    }

    /** Confined to one thread. */
    final class Walk {
        private int at;

        private Walk(int at) {
            this.at = at;
        }

        /** A fresh array. */
        byte[] next() {
            byte[] key = new byte[length];
            System.arraycopy(flat, at, key, 0, length);
            at += length;
            if (at == flat.length) {
                at = 0;
            }
            return key;
        }
    }
}
