// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.Remains.Piece;
import io.github.kvist.backend.Storage.FrameVisitor;
import io.github.kvist.format.Frame;
import io.github.kvist.format.Manifest;
import io.github.kvist.format.SegmentHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The whole frames of a file that was a segment of the log, whatever lies between them. */
final class SegmentScan {
    private final FileSystem files;
    private final String name;
    private final long storeId;
    private final int number;
    private final List<Piece> pieces;

    private SegmentScan(FileSystem files, String name, long storeId, int number, List<Piece> pieces) {
        this.files = files;
        this.name = name;
        this.storeId = storeId;
        this.number = number;
        this.pieces = pieces;
    }

    /**
     * Looks through a file.
     *
     * @param file what its pieces are to say that they lie in
     * @param manifest of the store, if it can be read
     * @param findings gets what is lost in it
     */
    static SegmentScan of(
            FileSystem files, String name, long storeId, int file, @Nullable Manifest manifest, List<Finding> findings)
            throws IOException {
        String where = files.description() + "/" + name;
        try (FileSystem.Handle handle = files.openToRead(name)) {
            int number = StoreFiles.segmentNumber(name);
            byte[] bytes = new byte[(int) Math.min(SegmentHeader.SIZE, handle.length())];
            int unused = handle.read(0, bytes, 0, bytes.length);
            try {
                SegmentHeader header = SegmentHeader.decode(bytes, where);
                if (header.storeId() != storeId) {
                    findings.add(new Finding(where, "it belongs to another store and was left out."));
                    return new SegmentScan(files, name, storeId, number, List.of());
                }
                number = header.segment(); // Its name may be wrong; each frame tells its own.
                tellOfCut(header, handle.length(), manifest, where, findings);
            } catch (KvException.Corrupt damaged) {
                findings.add(new Finding(where, "bytes 0 to 63, its header, are damaged."));
            }
            List<Piece> pieces = new ArrayList<>();
            SegmentReader reader = new SegmentReader(handle, where, storeId, number);
            try {
                scan(reader, number, file, pieces, new Gaps(where, reader, findings));
            } catch (IOException failed) {
                findings.add(new Finding(
                        where,
                        "it cannot be read on from byte %d: %s."
                                .formatted(endOf(pieces), String.valueOf(failed.getMessage()))));
            }
            return new SegmentScan(files, name, storeId, number, pieces);
        }
    }

    /** The end of the log may have been cut between two frames: then only the length of the file tells. */
    private static void tellOfCut(
            SegmentHeader header, long length, @Nullable Manifest manifest, String where, List<Finding> findings) {
        if (manifest == null) {
            return; // A log that was closed may be shorter than it was prepared.
        }
        if (length < manifest.leastLength(header)) {
            findings.add(new Finding(where, Failures.cut(length, manifest.leastLength(header)) + "."));
        }
    }

    private static void scan(SegmentReader reader, int number, int file, List<Piece> pieces, Gaps gaps)
            throws IOException {
        long position = SegmentHeader.SIZE;
        while (position < reader.length()) {
            Frame frame = reader.frame(position);
            if (frame == null) {
                if (reader.isSearchedEnough()) {
                    break;
                }
                position += Frame.ALIGNMENT;
                continue;
            }
            pieces.add(new Piece(
                    frame.first(),
                    frame.last(),
                    reader.crc(position),
                    frame.predecessor(),
                    frame.kind() == Frame.END,
                    number,
                    position,
                    frame.size(),
                    file));
            gaps.wholeFrom(position);
            position += frame.size();
            gaps.wholeTo(position);
        }
        gaps.end();
    }

    private static long endOf(List<Piece> pieces) {
        return pieces.isEmpty()
                ? SegmentHeader.SIZE
                : pieces.get(pieces.size() - 1).position()
                        + pieces.get(pieces.size() - 1).size();
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** Hands over the frames of some of the pieces, in their order. */
    void read(List<Piece> wanted, FrameVisitor visitor) throws IOException {
        String where = files.description() + "/" + name;
        try (FileSystem.Handle handle = files.openToRead(name)) {
            SegmentReader reader = new SegmentReader(handle, where, storeId, number);
            for (Piece piece : wanted) {
                Frame frame = reader.frame(piece.position());
                if (frame == null) {
                    throw Failures.corrupt(where + ", byte " + piece.position(), "it changed while it was read");
                }
                visitor.frame(
                        frame.first(),
                        reader.array(),
                        reader.payload(piece.position()),
                        frame.length(),
                        () -> where + ", byte " + piece.position());
            }
        }
    }

    /** Tells of the bytes that are in no whole frame, unless they are zeros at the end. */
    private static final class Gaps {
        private final String where;
        private final SegmentReader reader;
        private final List<Finding> findings;
        private long from = SegmentHeader.SIZE;

        Gaps(String where, SegmentReader reader, List<Finding> findings) {
            this.where = where;
            this.reader = reader;
            this.findings = findings;
        }

        void wholeFrom(long position) {
            if (position > from) {
                findings.add(new Finding(
                        where, "bytes %d to %d hold no whole frame: damaged.".formatted(from, position - 1)));
            }
        }

        void wholeTo(long position) {
            from = position;
        }

        void end() throws IOException {
            long end = reader.endOfContent(Math.min(from, reader.length()));
            if (end > from) {
                findings.add(new Finding(
                        where,
                        "bytes %d to %d hold no whole frame: damaged, or left unfinished by a crash."
                                .formatted(from, end - 1)));
            }
        }
    }
}
