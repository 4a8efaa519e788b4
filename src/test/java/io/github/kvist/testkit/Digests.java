// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers of 64 bits by which contents are told apart; not safe against somebody who looks for two that are equal. */
final class Digests {
    private static final long FACTOR = 0x9E3779B97F4A7C15L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Digests() {}

    static long of(byte[] content) {
        long digest = content.length;
        int at = 0;
        for (; at + Long.BYTES <= content.length; at += Long.BYTES) {
            digest = and(digest, (long) LONGS.get(content, at));
        }
        for (; at < content.length; at++) {
            digest = and(digest, content[at]);
        }
        return digest;
    }

    /** The number of a sequence that is longer by one. */
    static long and(long digest, long next) {
        long mixed = (Long.rotateLeft(digest, 29) + next + 1) * FACTOR;
        return mixed ^ (mixed >>> 32);
    }
}
