// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers of 64 bits as 8 bytes that sort as they count: big-endian, the sign bit flipped. Lua would round them. */
final class Sortable {

    static final int BYTES = Long.BYTES;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Sortable() {}

    static byte[] of(long number) {
        byte[] bytes = new byte[BYTES];
        write(number, bytes, 0);
        return bytes;
    }

    static void write(long number, byte[] target, int offset) {
        LONGS.set(target, offset, number ^ Long.MIN_VALUE);
    }

    static long read(byte[] source, int offset) {
        return (long) LONGS.get(source, offset) ^ Long.MIN_VALUE;
    }
}
