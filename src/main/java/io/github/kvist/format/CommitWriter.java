// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes commits as they lie in the payload of a frame.
 *
 * <pre>
 *   payload    = commit …                          each one revision above the one before
 *   commit     = varint millis, varint versions, operation …, 0
 *   operation  = 1 PUT           varint keyspace, key, zigzag version, value
 *              | 2 PUT_EXPIRING  varint keyspace, key, zigzag version, zigzag deadline, value
 *              | 3 DELETE        varint keyspace, key
 *              | 4 DELETE_RANGE  varint keyspace, key (inclusive), varint 0 | varint 1 + length, bytes (exclusive)
 *              | 5 EXPIRE        varint keyspace, zigzag instant
 *   key        = varint bytes shared with the key before it in this commit, varint length of the rest, the rest
 *   value      = varint length, bytes
 * </pre>
 *
 * <p>{@code millis} is the time of the commit since the epoch, {@code versions} the highest stamp given out when it was
 * written. A version is relative to the one before it in the commit. Varints are little-endian groups of seven bits.
 *
 * <p>EXPIRE removes every entry of a keyspace whose deadline is at or before the instant; a commit that has one has nothing
 * else, and is a sweep.
 *
 * <p>A transaction writes its operations as they happen into a writer of its own; at the commit they are copied, as they are,
 * into that of the frame. Confined to one thread at a time.
 */
public final class CommitWriter {

    static final int END = 0;
    static final int PUT = 1;
    static final int PUT_EXPIRING = 2;
    static final int DELETE = 3;
    static final int DELETE_RANGE = 4;
    static final int EXPIRE = 5;

    private static final long NEVER = Long.MAX_VALUE;
    private static final int VARINT_MAX = 10;
    private static final int ARRAY_MAX = Integer.MAX_VALUE - 16;

    private final int headRoom;
    private final int tailRoom;
    private byte[] buffer;
    private int end;
    private byte[] lastKey = new byte[64];
    private int lastKeyLength;
    private long lastVersion;

    /** A state of a writer to which {@link #rollbackTo} returns. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Mark(int end, byte[] lastKey, long lastVersion) {}

    /** Leaves room free before what is written and behind it. */
    public CommitWriter(int headRoom, int tailRoom, int capacity) {
        this.headRoom = headRoom;
        this.tailRoom = tailRoom;
        this.buffer = new byte[headRoom + capacity + tailRoom];
        this.end = headRoom;
    }

    /** The array that holds the payload from the head room for {@link #length} bytes. */
    public byte[] buffer() {
        return buffer;
    }

    public int length() {
        return end - headRoom;
    }

    public void clear() {
        end = headRoom;
        forgetLast();
    }

    public Mark mark() {
        return new Mark(end, Arrays.copyOf(lastKey, lastKeyLength), lastVersion);
    }

    public void rollbackTo(Mark mark) {
        end = mark.end();
        lastKey = Arrays.copyOf(mark.lastKey(), Math.max(mark.lastKey().length, 64));
        lastKeyLength = mark.lastKey().length;
        lastVersion = mark.lastVersion();
    }

    /** Drops everything from {@code length} on; what follows must be a new commit. */
    public void truncate(int length) {
        end = headRoom + length;
    }

    public void startCommit(long millis, long versions) {
        forgetLast();
        ensure(2 * VARINT_MAX);
        varint(millis);
        varint(versions);
    }

    public void endCommit() {
        ensure(1);
        buffer[end++] = END;
    }

    public void put(int keyspace, byte[] key, byte[] value, int offset, int length, long version, long deadline) {
        boolean expires = deadline != NEVER;
        ensure((long) key.length + length + 6 * VARINT_MAX + 1);
        buffer[end++] = (byte) (expires ? PUT_EXPIRING : PUT);
        varint(keyspace);
        key(key);
        zigzag(version - lastVersion);
        lastVersion = version;
        if (expires) {
            zigzag(deadline);
        }
        varint(length);
        System.arraycopy(value, offset, buffer, end, length);
        end += length;
    }

    public void delete(int keyspace, byte[] key) {
        ensure((long) key.length + 3 * VARINT_MAX + 1);
        buffer[end++] = DELETE;
        varint(keyspace);
        key(key);
    }

    public void deleteRange(int keyspace, byte[] from, byte @Nullable [] to) {
        ensure((long) from.length + (to == null ? 0 : to.length) + 4 * VARINT_MAX + 1);
        buffer[end++] = DELETE_RANGE;
        varint(keyspace);
        key(from);
        if (to == null) {
            varint(0);
            return;
        }
        varint(1L + to.length);
        System.arraycopy(to, 0, buffer, end, to.length);
        end += to.length;
    }

    /** Removes all entries of a keyspace with a deadline at or before {@code instant}. */
    public void expire(int keyspace, long instant) {
        ensure(2 * VARINT_MAX + 1);
        buffer[end++] = EXPIRE;
        varint(keyspace);
        zigzag(instant);
    }

    /** Appends the operations of {@code other}, which has no commit heads of its own, right after {@link #startCommit}. */
    public void operations(CommitWriter other) {
        ensure(other.length());
        System.arraycopy(other.buffer, other.headRoom, buffer, end, other.length());
        end += other.length();
    }

    private void forgetLast() {
        lastKeyLength = 0;
        lastVersion = 0;
    }

    private void key(byte[] key) {
        int shared = Arrays.mismatch(lastKey, 0, lastKeyLength, key, 0, key.length);
        if (shared < 0) {
            shared = key.length;
        }
        varint(shared);
        varint(key.length - shared);
        System.arraycopy(key, shared, buffer, end, key.length - shared);
        end += key.length - shared;
        // A copy: the array is the caller's, who may change it before the next operation.
        if (lastKey.length < key.length) {
            lastKey = new byte[Math.max(key.length, 2 * lastKey.length)];
        }
        System.arraycopy(key, 0, lastKey, 0, key.length);
        lastKeyLength = key.length;
    }

    private void zigzag(long value) {
        varint((value << 1) ^ (value >> 63));
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer[end++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[end++] = (byte) rest;
    }

    private void ensure(long more) {
        long needed = end + more + tailRoom;
        if (needed <= buffer.length) {
            return;
        }
        if (needed > ARRAY_MAX) {
            throw new OutOfMemoryError("A frame of " + needed + " bytes is larger than an array may be");
        }
        buffer = Arrays.copyOf(buffer, (int) Math.min(ARRAY_MAX, Math.max(needed, 2L * buffer.length)));
    }
}
