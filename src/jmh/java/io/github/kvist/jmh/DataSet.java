// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import io.github.kvist.jmh.rival.Entries;
import java.util.Arrays;
import java.util.Random;

/**
 * The entries of one run: {@code size} keys of one family, in a random order that is always the same, and values that follow
 * from key number and round.
 *
 * @param valueLength in bytes, at least 8
 */
record DataSet(KeySet keys, int size, int valueLength) {

    /** All entries, in random order or in the order of their keys. */
    Entries entries(boolean sorted) {
        int[] numbers = sorted ? sorted() : shuffled(1);
        return new Entries() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public byte[] key(int position) {
                return keys.key(numbers[position]);
            }

            @Override
            public byte[] value(int position) {
                return DataSet.this.value(numbers[position]);
            }
        };
    }

    byte[] value(int number) {
        return value(number, valueLength);
    }

    static byte[] value(long number, int length) {
        byte[] value = new byte[length];
        long seed = KeySet.Bytes.mix(number);
        for (int at = 0; at <= length - Long.BYTES; at += Long.BYTES) {
            KeySet.Bytes.LONG.set(value, at, seed += 0x9E3779B97F4A7C15L);
        }
        return value;
    }

    /** Keys to ask for, all of them in a random order which is not that of loading. */
    Probes hits() {
        return probes(0);
    }

    /** As many keys of the same family that are not there. */
    Probes misses() {
        return probes(size);
    }

    private Probes probes(int first) {
        int[] numbers = shuffled(2);
        byte[] flat = new byte[size * keys.length()];
        for (int i = 0; i < size; i++) {
            keys.write(first + numbers[i], flat, i * keys.length());
        }
        return new Probes(flat, keys.length());
    }

    /** The numbers from 0 to {@code size}, in a random order that follows from the seed. */
    int[] shuffled(long seed) {
        Random random = new Random(seed);
        int[] numbers = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            numbers[i] = numbers[j];
            numbers[j] = i;
        }
        return numbers;
    }

    private int[] sorted() {
        Integer[] numbers = new Integer[size];
        Arrays.setAll(numbers, i -> i);
        byte[][] all = new byte[size][];
        Arrays.setAll(all, keys::key);
        Arrays.sort(numbers, (a, b) -> Arrays.compareUnsigned(all[a], all[b]));
        return Arrays.stream(numbers).mapToInt(Integer::intValue).toArray();
    }
}
