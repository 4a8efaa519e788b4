// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import io.github.kvist.api.KvException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The last {@value #BYTES} bytes of an image, little-endian: where its footer lies.
 *
 * <pre>
 *  0                 8               16           20       24      32
 *  | footer position | footer length | footer crc | crc32c | magic |      crc32c covers all before it
 * </pre>
 */
public record ImageTail(long footerPosition, int footerLength, int footerCrc) {
    public static final int BYTES = 32;

    /** The bytes {@code KVISTEND}. */
    private static final long MAGIC = 0x444e_4554_5349_564bL;

    private static final int CRC_AT = 20;

    /** The tail behind {@code footer}, which begins at {@code position}. */
    public static ImageTail behind(long position, byte[] footer) {
        return new ImageTail(position, footer.length, crc(footer, footer.length));
    }

    public byte[] encode() {
        byte[] bytes = new byte[BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(0, footerPosition).putLong(8, footerLength).putInt(16, footerCrc);
        buffer.putInt(CRC_AT, crc(bytes, CRC_AT)).putLong(24, MAGIC);
        return bytes;
    }

    /**
     * Reads a tail, which is all of {@code bytes}.
     *
     * @param imageLength bytes of the whole image: the footer must fill what lies between it and the tail
     * @param where its home, for messages
     * @throws KvException.Corrupt if it is damaged or does not fit
     */
    public static ImageTail decode(byte[] bytes, long imageLength, String where) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long position = buffer.getLong(0);
        long length = buffer.getLong(8);
        if (buffer.getLong(24) != MAGIC || buffer.getInt(CRC_AT) != crc(bytes, CRC_AT)) {
            throw new KvException.Corrupt(("%s, byte %d of the image: its end is missing or damaged."
                            + " The file was cut or the disk decayed; restore a backup.")
                    .formatted(where, imageLength - BYTES));
        }
        boolean fits = position >= ImageHeader.BYTES
                && position <= imageLength - BYTES
                && length == imageLength - BYTES - position
                && length <= Integer.MAX_VALUE - 8;
        if (!fits) {
            throw new KvException.Corrupt(
                    ("%s, byte %d of the image: the footer should lie at byte %d with %d bytes, but the image"
                                    + " has %d. It was cut, or bytes were added; restore a backup.")
                            .formatted(where, imageLength - BYTES, position, length, imageLength));
        }
        return new ImageTail(position, (int) length, buffer.getInt(16));
    }

    /**
     * Checks the footer that this tail belongs to.
     *
     * @throws KvException.Corrupt if it is damaged
     */
    public void check(byte[] footer, String where) {
        int computed = crc(footer, footer.length);
        if (computed != footerCrc) {
            throw new KvException.Corrupt(
                    ("%s, byte %d of the image: the footer should have checksum %08x, its bytes have %08x."
                                    + " The disk decayed or the file was changed; restore a backup.")
                            .formatted(where, footerPosition, footerCrc, computed));
        }
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
