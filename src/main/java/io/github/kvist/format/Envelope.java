// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import static io.github.kvist.format.LittleEndian.crc32c;
import static io.github.kvist.format.LittleEndian.getInt;
import static io.github.kvist.format.LittleEndian.getLong;
import static io.github.kvist.format.LittleEndian.getUnsignedInt;

import io.github.kvist.api.KvException;
import java.nio.charset.StandardCharsets;

/** What the small fixed layouts share: a magic word in front, a version behind it, a checksum over all at the end. */
final class Envelope {
    private static final int VERSION = 8;
    private static final int SMALLEST = 16;

    private Envelope() {}

    static long magic(String word) {
        return getLong(word.getBytes(StandardCharsets.US_ASCII), 0);
    }

    /** The checksum comes before the version: one flipped bit is damage, not a newer version. */
    static void check(byte[] bytes, int size, long magic, int version, String where) {
        if (bytes.length < SMALLEST) {
            throw wrongLength(bytes, size, where);
        }
        if (getLong(bytes, 0) != magic) {
            throw new KvException.Corrupt(
                    "%s, byte 0: it does not begin as such a file does; it was overwritten, or is another file. Restore a backup."
                            .formatted(where));
        }
        int stored = getInt(bytes, bytes.length - 4);
        int computed = crc32c(bytes, 0, bytes.length - 4);
        if (stored != computed) {
            throw new KvException.Corrupt("%s, byte 0: stored checksum %08x, computed %08x. Restore a backup."
                    .formatted(where, stored, computed));
        }
        long found = getUnsignedInt(bytes, VERSION);
        if (found != version) {
            throw new KvException.UnsupportedFormat(
                    "%s has format version %d, this library knows %d: a newer version wrote it. Open it with that version."
                            .formatted(where, found, version));
        }
        if (bytes.length != size) {
            throw wrongLength(bytes, size, where);
        }
    }

    private static KvException wrongLength(byte[] bytes, int size, String where) {
        return new KvException.Corrupt("%s holds %d bytes where %d belong: it was cut. Restore a backup."
                .formatted(where, bytes.length, size));
    }
}
