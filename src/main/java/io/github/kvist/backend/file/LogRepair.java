// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.file.LogEnd.Torn;
import io.github.kvist.format.Frame;
import io.github.kvist.format.Manifest.Mark;
import io.github.kvist.format.SegmentHeader;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Leaves a log after a crash as if its end had just been written and synced.
 *
 * <p>The unfinished end is copied beside the log, then overwritten with zeros. What is whole, but was perhaps never synced, is
 * written once more: if the crash followed a failed sync, the system may show bytes that never reached the disk, and believe
 * them clean. A crash on the way leaves the same to be done again.
 */
final class LogRepair {
    private static final int PIECE = 64 << 10;

    private final FileSystem files;
    private final long storeId;
    private final LogEnd log;

    LogRepair(FileSystem files, long storeId, LogEnd log) {
        this.files = files;
        this.storeId = storeId;
        this.log = log;
    }

    void run() throws IOException {
        Mark mark = log.mark();
        if (mark.segment() == 0) {
            return;
        }
        if (mark.position() == SegmentHeader.SIZE && !log.full().isEmpty()) {
            repair(mark.segment() - 1, Long.MAX_VALUE, null); // Its end frame was perhaps never synced.
        }
        repair(mark.segment(), mark.position(), log.torn());
    }

    private void repair(int segment, long end, @Nullable Torn torn) throws IOException {
        String name = StoreFiles.segment(segment);
        try (FileSystem.Handle file = files.openToWrite(name)) {
            rewrite(file, new SegmentReader(file, files.description() + "/" + name, storeId, segment), end);
            if (torn != null) {
                copy(file, segment, end, torn.end());
                Segments.fill(file, end, torn.end());
            }
            file.sync();
        }
    }

    /** From the first frame on that is not known to be durable; those behind it are not either. */
    private void rewrite(FileSystem.Handle file, SegmentReader reader, long end) throws IOException {
        long from = -1;
        long position = SegmentHeader.SIZE;
        while (position < end) {
            Frame frame = reader.frame(position);
            if (frame == null) {
                break;
            }
            if (from < 0 && (frame.kind() == Frame.END || frame.last() > log.durable())) {
                from = position;
            }
            position += frame.size();
        }
        if (from < 0) {
            return;
        }
        byte[] piece = new byte[(int) Math.min(PIECE, position - from)];
        for (long at = from; at < position; ) {
            int count = file.read(at, piece, 0, (int) Math.min(piece.length, position - at));
            if (count == 0) {
                throw new IOException("the segment ended while it was read");
            }
            file.write(at, piece, 0, count);
            at += count;
        }
    }

    /** Never over an older copy: if cutting was interrupted, that one holds more. */
    private void copy(FileSystem.Handle file, int segment, long from, long to) throws IOException {
        List<String> names = files.list();
        String name = StoreFiles.torn(segment, from);
        String free = name;
        for (int i = 2; names.contains(free); i++) {
            free = name + "-" + i;
        }
        try (FileSystem.Handle copy = files.create(free)) {
            byte[] piece = new byte[(int) Math.min(PIECE, to - from)];
            for (long at = from; at < to; ) {
                int count = file.read(at, piece, 0, (int) Math.min(piece.length, to - at));
                if (count == 0) {
                    throw new IOException("the segment ended while it was read");
                }
                copy.write(at - from, piece, 0, count);
                at += count;
            }
            copy.sync();
        }
        files.syncDirectory();
    }
}
