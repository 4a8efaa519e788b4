// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Storage.CheckpointSource;
import io.github.kvist.format.ImageFooter;
import io.github.kvist.format.ImageHeader;
import io.github.kvist.format.ImageTail;

/** Reads what stands around the blocks, and checks that it belongs together. */
final class FooterReader {
    private FooterReader() {}

    static ImageFooter read(CheckpointSource source) {
        requireLength(source);
        // First: in a newer version the rest may lie otherwise.
        ImageHeader header = ImageHeader.decode(bytes(source, 0, ImageHeader.BYTES), source.description());
        ImageFooter footer = readUnbound(source);
        checkRevision(header.revision(), footer, source);
        return footer;
    }

    /** The footer alone, of whatever revision. */
    static ImageFooter readUnbound(CheckpointSource source) {
        requireLength(source);
        String where = source.description();
        long length = source.length();
        ImageTail tail = ImageTail.decode(bytes(source, length - ImageTail.BYTES, ImageTail.BYTES), length, where);
        byte[] bytes = bytes(source, tail.footerPosition(), tail.footerLength());
        tail.check(bytes, where);
        return ImageFooter.decode(bytes, tail.footerPosition(), where);
    }

    private static void requireLength(CheckpointSource source) {
        if (source.length() < ImageHeader.BYTES + ImageTail.BYTES) {
            throw new KvException.Corrupt(source.description() + " has only " + source.length()
                    + " bytes and cannot be a whole checkpoint. Restore a backup.");
        }
    }

    private static void checkRevision(long inHeader, ImageFooter footer, CheckpointSource source) {
        long revision = footer.revision();
        if (revision != inHeader || revision != source.revision() || revision < 0 || footer.versions() < 0) {
            throw new KvException.Corrupt(("%s should hold revision %d, but its header says %d and its footer %d."
                            + " It was swapped with another checkpoint or changed; restore a backup.")
                    .formatted(source.description(), source.revision(), inHeader, revision));
        }
    }

    private static byte[] bytes(CheckpointSource source, long position, int length) {
        byte[] bytes = new byte[length];
        source.read(position, bytes, 0, length);
        return bytes;
    }
}
