// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import static io.github.kvist.format.LittleEndian.crc32c;
import static io.github.kvist.format.LittleEndian.getInt;
import static io.github.kvist.format.LittleEndian.getLong;
import static io.github.kvist.format.LittleEndian.putInt;
import static io.github.kvist.format.LittleEndian.putLong;

import io.github.kvist.api.KvException;

/**
 * How a checkpoint's file begins; the checkpoint itself follows at byte {@value #SIZE}. It ties the file to its store, so
 * that no other store's checkpoint is taken for it.
 *
 * <pre>
 *   0          8         12       16         24         32    60       64
 *   | KVISTCHK | version | number | store id | revision | 0 … | crc32c |
 * </pre>
 *
 * @param number of the file among the checkpoints of its store
 */
public record CheckpointHeader(int number, long storeId, long revision) {

    public static final int SIZE = 64;
    public static final int VERSION = 1;

    private static final long MAGIC = Envelope.magic("KVISTCHK");
    private static final int CRC = 60;

    /** Compares field by field: the equality of records is linked at its first use, which costs an opening milliseconds. */
    public boolean isOf(int aNumber, long aStoreId, long aRevision) {
        return number == aNumber && storeId == aStoreId && revision == aRevision;
    }

    public byte[] encode() {
        byte[] bytes = new byte[SIZE];
        putLong(bytes, 0, MAGIC);
        putInt(bytes, 8, VERSION);
        putInt(bytes, 12, number);
        putLong(bytes, 16, storeId);
        putLong(bytes, 24, revision);
        putInt(bytes, CRC, crc32c(bytes, 0, CRC));
        return bytes;
    }

    /**
     * Reads the beginning of a checkpoint's file.
     *
     * @throws KvException.Corrupt if it is too short or not as it was written
     * @throws KvException.UnsupportedFormat if a newer version wrote it
     */
    public static CheckpointHeader decode(byte[] bytes, String where) {
        Envelope.check(bytes, SIZE, MAGIC, VERSION, where);
        return new CheckpointHeader(getInt(bytes, 12), getLong(bytes, 16), getLong(bytes, 24));
    }
}
