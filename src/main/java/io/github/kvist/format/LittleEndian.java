// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Numbers of fixed width in byte arrays, and the checksum over them. */
final class LittleEndian {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {}

    static int getInt(byte[] array, int index) {
        return (int) INT.get(array, index);
    }

    static long getUnsignedInt(byte[] array, int index) {
        return getInt(array, index) & 0xffff_ffffL;
    }

    static long getLong(byte[] array, int index) {
        return (long) LONG.get(array, index);
    }

    static void putInt(byte[] array, int index, int value) {
        INT.set(array, index, value);
    }

    static void putLong(byte[] array, int index, long value) {
        LONG.set(array, index, value);
    }

    static int crc32c(byte[] array, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(array, offset, length);
        return (int) crc.getValue();
    }
}
