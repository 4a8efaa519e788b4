// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import static io.github.kvist.format.LittleEndian.crc32c;
import static io.github.kvist.format.LittleEndian.getInt;
import static io.github.kvist.format.LittleEndian.getLong;
import static io.github.kvist.format.LittleEndian.putInt;
import static io.github.kvist.format.LittleEndian.putLong;

import io.github.kvist.api.KvException;

/**
 * How a segment of the log begins; frames follow at byte {@value #SIZE}, then zeros.
 *
 * <pre>
 *   0          8         12        16         24         32    60       64
 *   | KVISTLOG | version | segment | store id | capacity | 0 … | crc32c |
 * </pre>
 *
 * <p>The checksum covers the bytes before it. It, the magic and the version keep their place in every later version.
 *
 * @param capacity bytes of the file as it was prepared; it is never shorter while it is written to
 */
public record SegmentHeader(int segment, long storeId, long capacity) {

    public static final int SIZE = 64;
    public static final int VERSION = 1;

    private static final long MAGIC = Envelope.magic("KVISTLOG");
    private static final int CRC = 60;

    public byte[] encode() {
        byte[] bytes = new byte[SIZE];
        putLong(bytes, 0, MAGIC);
        putInt(bytes, 8, VERSION);
        putInt(bytes, 12, segment);
        putLong(bytes, 16, storeId);
        putLong(bytes, 24, capacity);
        putInt(bytes, CRC, crc32c(bytes, 0, CRC));
        return bytes;
    }

    /**
     * Reads the beginning of a segment.
     *
     * @param where the file, for messages
     * @throws KvException.Corrupt if it is too short or not as it was written
     * @throws KvException.UnsupportedFormat if a newer version wrote it
     */
    public static SegmentHeader decode(byte[] bytes, String where) {
        Envelope.check(bytes, SIZE, MAGIC, VERSION, where);
        return new SegmentHeader(getInt(bytes, 12), getLong(bytes, 16), getLong(bytes, 24));
    }
}
