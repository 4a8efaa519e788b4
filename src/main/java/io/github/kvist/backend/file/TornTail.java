// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.file.LogEnd.FullSegment;
import io.github.kvist.backend.file.LogEnd.Torn;
import io.github.kvist.format.Manifest.Mark;
import java.io.IOException;
import java.util.List;

/**
 * Cuts what a crash left unfinished: copies the bytes beside the log, then puts zeros in their place. A crash on the way leaves
 * a torn end again.
 */
final class TornTail {
    private static final int PIECE = 64 << 10;

    private TornTail() {}

    /** Cuts it if there is one, and makes sure that the rest is on stable storage: a killed process may not have waited. */
    static void cut(FileSystem files, LogEnd log) throws IOException {
        for (FullSegment full : log.full()) {
            sync(files, full.number());
        }
        Mark mark = log.mark();
        Torn torn = log.torn();
        try (FileSystem.Handle segment = files.openToWrite(StoreFiles.segment(mark.segment()))) {
            if (torn != null) {
                copy(files, segment, mark, torn.end());
                Segments.fill(segment, mark.position(), torn.end());
            }
            segment.sync();
        }
    }

    private static void sync(FileSystem files, int segment) throws IOException {
        try (FileSystem.Handle file = files.openToWrite(StoreFiles.segment(segment))) {
            file.sync();
        }
    }

    /** Never over an older copy: if cutting was interrupted, that one holds more. */
    private static void copy(FileSystem files, FileSystem.Handle segment, Mark mark, long end) throws IOException {
        List<String> names = files.list();
        String name = StoreFiles.torn(mark.segment(), mark.position());
        String free = name;
        for (int i = 2; names.contains(free); i++) {
            free = name + "-" + i;
        }
        try (FileSystem.Handle copy = files.create(free)) {
            byte[] piece = new byte[(int) Math.min(PIECE, end - mark.position())];
            for (long at = mark.position(); at < end; ) {
                int count = segment.read(at, piece, 0, (int) Math.min(piece.length, end - at));
                if (count == 0) {
                    throw new IOException("the segment ended while it was read");
                }
                copy.write(at - mark.position(), piece, 0, count);
                at += count;
            }
            copy.sync();
        }
        files.syncDirectory();
    }
}
