// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Byte arrays read, compared and hashed a word at a time.
 *
 * <p>Calls into the library dominate at the ten bytes or so that a key suffix has, so short runs are handled by two
 * overlapping words.
 */
final class Words {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final int HASHED_WHOLE = 64;
    private static final int HASHED_TAIL = 48;

    private Words() {}

    static long int64(byte[] array, int at) {
        return (long) LONG.get(array, at);
    }

    static void putInt64(byte[] array, int at, long value) {
        LONG.set(array, at, value);
    }

    static int int32(byte[] array, int at) {
        return (int) INT.get(array, at);
    }

    static int uint16(byte[] array, int at) {
        return (short) SHORT.get(array, at) & 0xffff;
    }

    static void putUint16(byte[] array, int at, int value) {
        SHORT.set(array, at, (short) value);
    }

    /** The little-endian number of {@code width} bytes (0 to 8) that ends before {@code end}, which is at least 8. */
    static long endingAt(byte[] array, int end, int width) {
        return width == 0 ? 0 : int64(array, end - 8) >>> (64 - 8 * width);
    }

    /** Writes the low {@code width} bytes of a number, little-endian. */
    static void put(byte[] array, int at, long value, int width) {
        for (int i = 0; i < width; i++) {
            array[at + i] = (byte) (value >>> (8 * i));
        }
    }

    /** How many bytes it takes to hold a number taken as unsigned: 0 for 0, 8 for a negative one. */
    static int width(long value) {
        return (71 - Long.numberOfLeadingZeros(value)) >>> 3;
    }

    static boolean equal(byte[] a, int aAt, byte[] b, int bAt, int length) {
        if (length >= 8) {
            int last = length - 8;
            for (int i = 0; i < last; i += 8) {
                if (int64(a, aAt + i) != int64(b, bAt + i)) {
                    return false;
                }
            }
            return int64(a, aAt + last) == int64(b, bAt + last);
        }
        if (length >= 4) {
            int last = length - 4;
            return int32(a, aAt) == int32(b, bAt) && int32(a, aAt + last) == int32(b, bAt + last);
        }
        for (int i = 0; i < length; i++) {
            if (a[aAt + i] != b[bAt + i]) {
                return false;
            }
        }
        return true;
    }

    /** The index of the first byte that differs, or {@code length}. */
    static int mismatch(byte[] a, int aAt, byte[] b, int bAt, int length) {
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            long different = int64(a, aAt + i) ^ int64(b, bAt + i);
            if (different != 0) {
                return i + (Long.numberOfTrailingZeros(different) >>> 3);
            }
        }
        for (; i < length; i++) {
            if (a[aAt + i] != b[bAt + i]) {
                return i;
            }
        }
        return length;
    }

    /** Unsigned lexicographic order of two runs of bytes. */
    static int compare(byte[] a, int aAt, int aLength, byte[] b, int bAt, int bLength) {
        int common = Math.min(aLength, bLength);
        int i = 0;
        for (; i + 8 <= common; i += 8) {
            long left = int64(a, aAt + i);
            long right = int64(b, bAt + i);
            if (left != right) {
                return Long.compareUnsigned(Long.reverseBytes(left), Long.reverseBytes(right));
            }
        }
        for (; i < common; i++) {
            int difference = (a[aAt + i] & 0xff) - (b[bAt + i] & 0xff);
            if (difference != 0) {
                return difference;
            }
        }
        return aLength - bLength;
    }

    static int compare(byte[] a, byte[] b) {
        return compare(a, 0, a.length, b, 0, b.length);
    }

    static void copy(byte[] source, int at, byte[] target, int to, int length) {
        if (length > 16) {
            System.arraycopy(source, at, target, to, length);
        } else if (length >= 8) {
            long head = int64(source, at);
            long tail = int64(source, at + length - 8);
            putInt64(target, to, head);
            putInt64(target, to + length - 8, tail);
        } else {
            for (int i = 0; i < length; i++) {
                target[to + i] = source[at + i];
            }
        }
    }

    /**
     * One byte that tells keys apart: part of the page format.
     *
     * <p>The hash starts as the key's length times the golden ratio {@code M} = 0x9E3779B97F4A7C15 and takes in
     * little-endian words {@code w} by {@code h = rotateLeft((h ^ w) * M, 29)}; the fingerprint is the top byte of {@code h
     * * M}. Words of a key of 8 to 64 bytes lie at 0, 8, 16 … and the last one ends with the key; of a longer key only
     * the first 16 and the last 48 bytes count, so that long keys cost no more. A shorter key is one word: two
     * overlapping 32-bit words for 4 to 7 bytes (the first one low), else the bytes themselves, lowest first.
     */
    static byte fingerprint(byte[] key, int at, int length) {
        long hash = length * MIX;
        if (length >= 8) {
            int end = at + length - 8;
            int i = at;
            if (length > HASHED_WHOLE) {
                hash = mix(mix(hash, int64(key, at)), int64(key, at + 8));
                i = at + length - HASHED_TAIL;
            }
            for (; i < end; i += 8) {
                hash = mix(hash, int64(key, i));
            }
            hash = mix(hash, int64(key, end));
        } else if (length >= 4) {
            hash = mix(hash, (int32(key, at) & 0xffffffffL) | ((long) int32(key, at + length - 4) << 32));
        } else {
            long word = 0;
            for (int i = length - 1; i >= 0; i--) {
                word = (word << 8) | (key[at + i] & 0xff);
            }
            hash = mix(hash, word);
        }
        return (byte) ((hash * MIX) >>> 56);
    }

    private static long mix(long hash, long word) {
        return Long.rotateLeft((hash ^ word) * MIX, 29);
    }
}
