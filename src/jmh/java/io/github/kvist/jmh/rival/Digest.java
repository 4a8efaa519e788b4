// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads every byte, eight at a time, and sums them up; equal for equal bytes wherever they lie. */
public final class Digest {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Digest() {}

    public static long of(byte[] bytes) {
        return of(bytes, bytes.length);
    }

    public static long of(byte[] bytes, int length) {
        long sum = length;
        int at = 0;
        for (; at <= length - Long.BYTES; at += Long.BYTES) {
            sum = mix(sum, (long) LONG.get(bytes, at));
        }
        long rest = 0;
        for (; at < length; at++) {
            rest = rest << Byte.SIZE | bytes[at] & 0xff;
        }
        return mix(sum, rest);
    }

    /** Of a big-endian buffer's remaining bytes; its position stays. */
    public static long of(ByteBuffer bytes) {
        int end = bytes.limit();
        int at = bytes.position();
        long sum = end - at;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            sum = mix(sum, bytes.getLong(at));
        }
        long rest = 0;
        for (; at < end; at++) {
            rest = rest << Byte.SIZE | bytes.get(at) & 0xff;
        }
        return mix(sum, rest);
    }

    /** Adds the next part of a scan, so that order counts. */
    public static long and(long sum, long digest) {
        return sum * 31 + digest;
    }

    static long mix(long sum, long word) {
        return Long.rotateLeft(sum, 5) + word;
    }
}
