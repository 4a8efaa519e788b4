// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

/**
 * What a backend has under a key: where the value lies, the stamp of its write, its deadline.
 *
 * <p>The array is the backend's own memory: it never changes and must not be changed.
 *
 * @param version unique within the store for every write
 * @param deadline in milliseconds since the epoch; {@link #NEVER} for none
 */
@SuppressWarnings("ArrayRecordComponent") // identity is never asked for; an object of its own would cost every get
public record Stored(byte[] array, int offset, int length, long version, long deadline) {
    public static final long NEVER = Long.MAX_VALUE;
}
