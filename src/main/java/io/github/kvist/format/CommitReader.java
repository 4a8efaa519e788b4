// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import io.github.kvist.api.KvException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the commits of one payload, as {@link CommitWriter} draws them.
 *
 * <p>Every length is checked against the bytes that are left before anything is allocated. Confined to one thread.
 */
public final class CommitReader {

    /** What an operation does. */
    public enum Kind {
        PUT,
        DELETE,
        DELETE_RANGE,
        /** Removes the entries whose deadline is at or before {@link CommitReader#deadline}. */
        EXPIRE
    }

    private final byte[] array;
    private final int start;
    private final int end;
    private final boolean isFramed;
    private final Supplier<String> where;

    private int position;
    private long millis;
    private long versions;
    private Kind kind = Kind.PUT;
    private int keyspace;
    private byte[] key = {};
    private byte @Nullable [] to;
    private long version;
    private long deadline;
    private int valueOffset;
    private int valueLength;

    /**
     * Starts at the first byte of a payload.
     *
     * @param where file and byte, for messages
     */
    public CommitReader(byte[] array, int offset, int length, Supplier<String> where) {
        this(array, offset, length, true, where);
    }

    private CommitReader(byte[] array, int offset, int length, boolean isFramed, Supplier<String> where) {
        this.array = array;
        this.isFramed = isFramed;
        this.start = offset;
        this.position = offset;
        this.end = offset + length;
        this.where = where;
    }

    /** The operations of one transaction, without the head of a commit. */
    public static CommitReader operationsOf(CommitWriter writer, int headRoom) {
        return new CommitReader(writer.buffer(), headRoom, writer.length(), false, () -> "an uncommitted transaction");
    }

    /** Moves to the head of the next commit; false at the end of the payload. */
    public boolean nextCommit() {
        if (position == end) {
            return false;
        }
        key = new byte[0];
        version = 0;
        millis = varint();
        versions = varint();
        return true;
    }

    /** Moves to the next operation; false at the end of the commit, or of operations without one. */
    public boolean nextOperation() {
        if (position == end && !isFramed) {
            return false;
        }
        int code = next();
        if (code == CommitWriter.END) {
            return false;
        }
        keyspace = (int) atMost(Integer.MAX_VALUE, "number of a keyspace", varint());
        if (code == CommitWriter.EXPIRE) {
            kind = Kind.EXPIRE;
            deadline = zigzag();
            return true;
        }
        readKey();
        switch (code) {
            case CommitWriter.PUT -> readPut(false);
            case CommitWriter.PUT_EXPIRING -> readPut(true);
            case CommitWriter.DELETE -> kind = Kind.DELETE;
            case CommitWriter.DELETE_RANGE -> readRange();
            default -> throw damaged("operation " + code + " is unknown");
        }
        return true;
    }

    /** Skips to the end of the commit. */
    public void skipOperations() {
        while (nextOperation()) {
            // nothing to keep
        }
    }

    public long millis() {
        return millis;
    }

    public long versions() {
        return versions;
    }

    public Kind kind() {
        return kind;
    }

    public int keyspace() {
        return keyspace;
    }

    /** The key, or the inclusive start of a range; the caller may keep it but not change it. */
    public byte[] key() {
        return key;
    }

    /** The exclusive end of a range; {@code null} for the end of the keyspace. */
    public byte @Nullable [] to() {
        return to;
    }

    public long version() {
        return version;
    }

    /** Of a put; {@link Long#MAX_VALUE} for none. */
    public long deadline() {
        return deadline;
    }

    /** The array in which the value lies. */
    public byte[] array() {
        return array;
    }

    public int valueOffset() {
        return valueOffset;
    }

    public int valueLength() {
        return valueLength;
    }

    private void readPut(boolean expires) {
        kind = Kind.PUT;
        version += zigzag();
        deadline = expires ? zigzag() : Long.MAX_VALUE;
        valueLength = length("value");
        valueOffset = position;
        position += valueLength;
    }

    private void readRange() {
        kind = Kind.DELETE_RANGE;
        long marked = varint();
        to = null;
        if (marked != 0) {
            int length = (int) atMost(end - position, "length of the end of a range", marked - 1);
            to = Arrays.copyOfRange(array, position, position + length);
            position += length;
        }
    }

    private void readKey() {
        int shared = (int) atMost(key.length, "length of the shared part of a key", varint());
        int rest = length("key");
        byte[] next = Arrays.copyOf(key, shared + rest);
        System.arraycopy(array, position, next, shared, rest);
        position += rest;
        key = next;
    }

    private int length(String what) {
        long length = varint();
        return (int) atMost(end - position, "length of a " + what, length);
    }

    private long atMost(int most, String what, long number) {
        if (number < 0 || number > most) {
            throw damaged("the " + what + " is " + Long.toUnsignedString(number) + ", above the " + most + " possible");
        }
        return number;
    }

    private int next() {
        if (position == end) {
            throw damaged("the payload ends inside a commit");
        }
        return array[position++];
    }

    private long zigzag() {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int group = next();
            value |= (long) (group & 0x7F) << shift;
            if (group >= 0) {
                return value;
            }
        }
        throw damaged("a number has more than ten bytes");
    }

    private KvException.Corrupt damaged(String what) {
        return new KvException.Corrupt(where.get() + ", byte " + (position - start) + " of the payload: " + what
                + ", though the checksum is right. Written by something else than this version; restore a backup.");
    }
}
