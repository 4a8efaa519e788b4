// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import io.github.kvist.api.KvException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The first {@value #BYTES} bytes of an image, which is what a checkpoint holds; little-endian.
 *
 * <pre>
 *  0       8         10      12         16         24              60       64
 *  | magic | version | zeros | features | revision | zeros …       | crc32c |      crc32c covers all before it
 * </pre>
 *
 * <p>Magic, version, features, the size of the header and the place of its checksum stay the same in every version, so that
 * an image of a newer version is told from a damaged one.
 */
public record ImageHeader(long revision) {
    public static final int BYTES = 64;
    public static final int VERSION = 1;

    /** The bytes {@code KVISTIMG}. */
    private static final long MAGIC = 0x474d_4954_5349_564bL;

    private static final int CRC_AT = 60;

    public byte[] encode() {
        byte[] bytes = new byte[BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(0, MAGIC).putShort(8, (short) VERSION).putLong(16, revision);
        buffer.putInt(CRC_AT, crc(bytes));
        return bytes;
    }

    /**
     * Reads a header, which is all of {@code bytes}.
     *
     * @param where its home, for messages
     * @throws KvException.UnsupportedFormat if it is of something else, or of a newer version
     * @throws KvException.Corrupt if it is damaged
     */
    public static ImageHeader decode(byte[] bytes, String where) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (buffer.getLong(0) != MAGIC) {
            throw new KvException.UnsupportedFormat(where
                    + " does not begin like the image of a store: it is something else, or its first bytes are damaged."
                    + " Check the path, or restore a backup.");
        }
        int stored = buffer.getInt(CRC_AT);
        int computed = crc(bytes);
        if (stored != computed) {
            throw new KvException.Corrupt(("%s, byte 0 of the image: the header has checksum %08x, its bytes have %08x."
                            + " The disk decayed or the file was changed; restore a backup.")
                    .formatted(where, stored, computed));
        }
        int version = Short.toUnsignedInt(buffer.getShort(8));
        int features = buffer.getInt(12);
        if (version != VERSION || features != 0) {
            throw new KvException.UnsupportedFormat(
                    ("%s is an image of format %d with features %08x; this version of Kvist reads format %d without"
                                    + " features. Open it with the version that wrote it, or a newer one.")
                            .formatted(where, version, features, VERSION));
        }
        return new ImageHeader(buffer.getLong(16));
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CRC_AT);
        return (int) crc.getValue();
    }
}
