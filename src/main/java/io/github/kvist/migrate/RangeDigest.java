// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of the entries of a range: keys, values, versions and deadlines, each with its length, so that none runs into the next. */
final class RangeDigest {

    private static final int HEAD = 2 * Integer.BYTES + 2 * Long.BYTES;

    private final MessageDigest digest = sha256();
    private final ByteBuffer head = ByteBuffer.allocate(HEAD);
    private long entries;

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-256.", impossible);
        }
    }

    void add(byte[] key, byte[] array, int offset, int length, long version, long deadline) {
        head.clear()
                .putInt(key.length)
                .putInt(length)
                .putLong(version)
                .putLong(deadline)
                .flip();
        digest.update(head);
        digest.update(key);
        digest.update(array, offset, length);
        entries++;
    }

    long entries() {
        return entries;
    }

    /** Ends it. */
    byte[] value() {
        return digest.digest();
    }
}
