// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A family of keys of one length, numbered from 0 on; different numbers are different keys. */
public enum KeySet {
    /** 16 bytes without any order or shape, as a random UUID. */
    RANDOM(2 * Long.BYTES) {
        @Override
        void write(int number, byte[] into, int at) {
            Bytes.LONG.set(into, at, Bytes.mix(number));
            Bytes.LONG.set(into, at + Long.BYTES, Bytes.mix(~(long) number));
        }
    },
    /** {@code tenant/01234/user/000123456/session}: users numbered from 0, spread over {@value Bytes#TENANTS} tenants. */
    PATH(Bytes.TEMPLATE.length) {
        @Override
        void write(int number, byte[] into, int at) {
            System.arraycopy(Bytes.TEMPLATE, 0, into, at, Bytes.TEMPLATE.length);
            Bytes.digits((int) Long.remainderUnsigned(Bytes.mix(number), Bytes.TENANTS), into, at + Bytes.TENANT_END);
            Bytes.digits(number, into, at + Bytes.USER_END);
        }
    },
    /** 8 bytes, big-endian: 0, 1, 2 and so on without a gap. */
    DENSE(Long.BYTES) {
        @Override
        void write(int number, byte[] into, int at) {
            Bytes.LONG.set(into, at, (long) number);
        }
    };

    private final int length;

    KeySet(int length) {
        this.length = length;
    }

    /** Writes key {@code number}, {@link #length} bytes, into the array from {@code at} on. */
    abstract void write(int number, byte[] into, int at);

    int length() {
        return length;
    }

    /** Key {@code number} as an array of its own. */
    byte[] key(int number) {
        byte[] key = new byte[length];
        write(number, key, 0);
        return key;
    }

    /** How keys and values are made; apart from the enum, whose constants may not use its statics. */
    static final class Bytes {
        static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
        static final int TENANTS = 1_000;
        static final byte[] TEMPLATE = "tenant/00000/user/000000000/session".getBytes(StandardCharsets.US_ASCII);
        static final int TENANT_END = "tenant/00000".length();
        static final int USER_END = "tenant/00000/user/000000000".length();

        private Bytes() {}

        /** A bijection that leaves no trace of its argument: the finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
        static long mix(long number) {
            long mixed = number + 0x9E3779B97F4A7C15L;
            mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
            mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
            return mixed ^ mixed >>> 31;
        }

        private static void digits(int number, byte[] into, int end) {
            int at = end;
            for (int rest = number; rest > 0; rest /= 10) {
                into[--at] = (byte) ('0' + rest % 10);
            }
        }
    }
}
