// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.util.Arrays;
import java.util.Random;

/** Families of keys that hurt a radix tree, drawn from a seed. */
enum NastyKeys {
    /** The empty key, prefixes of each other, bytes 0x00 and 0xff. */
    EXTREMES {
        @Override
        byte[] next(Random random) {
            byte[] alphabet = {0, 0, 1, -1, -1, 'a', 127, -128};
            byte[] key = new byte[random.nextInt(9)];
            for (int i = 0; i < key.length; i++) {
                key[i] = alphabet[random.nextInt(alphabet.length)];
            }
            return key;
        }
    },
    /** b, ab, aab …: one level of a plain radix tree for each. */
    CHAIN {
        @Override
        byte[] next(Random random) {
            int n = random.nextInt(400);
            byte[] key = new byte[n + 1];
            Arrays.fill(key, (byte) 'a');
            key[n] = (byte) "bc".charAt(random.nextInt(2));
            return key;
        }
    },
    /** Keys that depart in the second half of a byte, behind a long common start. */
    HALF_BYTES {
        @Override
        byte[] next(Random random) {
            byte[] key = "common/start/0000".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            int changes = random.nextInt(4);
            for (int i = 0; i < changes; i++) {
                int at = random.nextInt(key.length);
                key[at] = (byte) (key[at] ^ (random.nextBoolean() ? 1 << random.nextInt(4) : random.nextInt(256)));
            }
            return Arrays.copyOf(key, key.length - random.nextInt(3));
        }
    },
    /** Few distinct bytes, any depth: deep trees with small fan-out. */
    BINARY {
        @Override
        byte[] next(Random random) {
            byte[] key = new byte[random.nextInt(14)];
            for (int i = 0; i < key.length; i++) {
                key[i] = (byte) (random.nextBoolean() ? 0x10 : 0x11);
            }
            return key;
        }
    },
    DENSE {
        @Override
        byte[] next(Random random) {
            int n = random.nextInt(3000);
            return new byte[] {0, 0, (byte) (n >>> 8), (byte) n};
        }
    },
    RANDOM {
        @Override
        byte[] next(Random random) {
            byte[] key = new byte[16];
            random.nextBytes(key);
            return key;
        }
    },
    /** Up to the longest key, with departures at any depth. */
    LONG {
        @Override
        byte[] next(Random random) {
            int[] lengths = {100, 127, 128, 129, 255, 256, 1000, 4000, 8191, 16_000, RadixTree.KEY_BYTES_MAX};
            byte[] key = new byte[lengths[random.nextInt(lengths.length)] - random.nextInt(2)];
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                key[random.nextInt(key.length)] = (byte) random.nextInt(4);
            }
            return key;
        }
    };

    abstract byte[] next(Random random);

    /** Lengths on both sides of every threshold of a page. */
    static byte[] value(Random random) {
        int[] lengths = {0, 0, 8, 8, 8, 8, 8, 100, 255, 256, 257, 2048, 5000};
        byte[] value = new byte[lengths[random.nextInt(lengths.length)]];
        random.nextBytes(value);
        return value;
    }

    /** Mostly none; else near each other, or as far apart as can be. */
    static long deadline(Random random) {
        switch (random.nextInt(12)) {
            case 0:
                return 1_000_000 + random.nextInt(1000);
            case 1:
                return random.nextLong();
            case 2:
                return random.nextBoolean() ? Long.MIN_VALUE : RadixTree.NEVER - 1;
            default:
                return RadixTree.NEVER;
        }
    }
}
