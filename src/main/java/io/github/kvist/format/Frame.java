// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import static io.github.kvist.format.LittleEndian.crc32c;
import static io.github.kvist.format.LittleEndian.getInt;
import static io.github.kvist.format.LittleEndian.getLong;
import static io.github.kvist.format.LittleEndian.getUnsignedInt;
import static io.github.kvist.format.LittleEndian.putInt;
import static io.github.kvist.format.LittleEndian.putLong;

/**
 * What stands before the commits of one batch in the log.
 *
 * <pre>
 *   0        4        8          16        20         24       32      40               48            52     56
 *   | crc32c | length | store id | segment | position | first | last  | durable through | predecessor | kind | payload … 0 |
 * </pre>
 *
 * <p>The checksum covers all that follows it, with the zeros that fill the frame up to a multiple of {@value #ALIGNMENT} bytes.
 * A frame names its store, its segment and its place there, so that it is accepted nowhere else; and it holds the checksum of
 * its predecessor as a plain field, so that it can be judged alone and yet cannot follow any other.
 *
 * @param length bytes of the payload
 * @param position where the frame begins in its segment
 * @param durableThrough the last revision that was known to be on stable storage when this frame was written
 * @param predecessor checksum of the frame before it in the log, 0 for the first of all
 * @param kind {@link #COMMITS}, or {@link #END} for the last frame of a full segment: the next segment must exist
 */
public record Frame(
        int length,
        long storeId,
        int segment,
        long position,
        long first,
        long last,
        long durableThrough,
        int predecessor,
        int kind) {

    /** Bytes before the payload. */
    public static final int HEAD = 56;

    public static final int ALIGNMENT = 8;

    public static final int COMMITS = 1;
    public static final int END = 2;

    private static final int CRC = 4;

    /** Bytes that a frame with such a payload takes. */
    public static long sizeOf(int length) {
        return (HEAD + (long) length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Bytes that this frame takes. */
    public long size() {
        return sizeOf(length);
    }

    /**
     * Completes a frame around a payload that already lies in {@code array}: writes the {@value #HEAD} bytes before it and the
     * zeros behind it.
     *
     * @return the checksum of the frame
     */
    public int complete(byte[] array, int payload) {
        int start = payload - HEAD;
        int size = Math.toIntExact(size());
        for (int i = payload + length; i < start + size; i++) {
            array[i] = 0;
        }
        putInt(array, start + 4, length);
        putLong(array, start + 8, storeId);
        putInt(array, start + 16, segment);
        putInt(array, start + 20, (int) position);
        putLong(array, start + 24, first);
        putLong(array, start + 32, last);
        putLong(array, start + 40, durableThrough);
        putInt(array, start + 48, predecessor);
        putInt(array, start + 52, kind);
        int crc = crc32c(array, start + CRC, size - CRC);
        putInt(array, start, crc);
        return crc;
    }

    /** Reads {@value #HEAD} bytes without judging them. */
    public static Frame read(byte[] array, int start) {
        return new Frame(
                getInt(array, start + 4),
                getLong(array, start + 8),
                getInt(array, start + 16),
                getUnsignedInt(array, start + 20),
                getLong(array, start + 24),
                getLong(array, start + 32),
                getLong(array, start + 40),
                getInt(array, start + 48),
                getInt(array, start + 52));
    }

    /** Whether the fields claim a frame at just this place; the quick test before a checksum is computed. */
    public boolean claims(long storeId, int segment, long position) {
        return this.storeId == storeId
                && this.segment == segment
                && this.position == position
                && length >= 0
                && (kind == COMMITS ? first >= 1 && last >= first : kind == END && length == 0);
    }

    /** The checksum as it was stored. */
    public static int storedCrc(byte[] array, int start) {
        return getInt(array, start);
    }

    /** The checksum of the {@code size} bytes of a frame that begins at {@code start}. */
    public static int computedCrc(byte[] array, int start, int size) {
        return crc32c(array, start + CRC, size - CRC);
    }
}
