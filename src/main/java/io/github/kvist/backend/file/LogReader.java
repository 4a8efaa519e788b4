// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.Storage.FrameVisitor;
import io.github.kvist.backend.file.LogEnd.FullSegment;
import io.github.kvist.backend.file.LogEnd.Torn;
import io.github.kvist.format.Frame;
import io.github.kvist.format.Manifest;
import io.github.kvist.format.Manifest.Mark;
import io.github.kvist.format.SegmentHeader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log from its first segment to its end, and judges that end.
 *
 * <p><b>Torn or damaged?</b> A crash leaves only bytes that were never acknowledged as durable in doubt. So a bad frame is an
 * unfinished end if no whole frame behind it knows of a durable revision that is missing before it, and if nothing was written
 * to the next segment, which happens only after the end frame of this one is durable. Everything else is damage. After a clean
 * close there is no unfinished end, and neither is there before the manifest's mark.
 */
final class LogReader {
    private final FileSystem files;
    private final Manifest manifest;
    private final @Nullable Mark stop;
    private final boolean nothingBehind;

    // Where reading is.
    private int segment;
    private int crc;
    private long revision;
    private long position;
    private boolean markSeen;

    // What was found.
    private final List<FullSegment> full = new ArrayList<>();
    private long durable;
    private long frames;
    private long bytes;

    private LogReader(FileSystem files, Manifest manifest, @Nullable Mark stop, boolean nothingBehind) {
        this.files = files;
        this.manifest = manifest;
        this.stop = stop;
        this.nothingBehind = nothingBehind;
        this.segment = manifest.start().segment();
        this.crc = manifest.start().predecessor();
        this.revision = manifest.start().revision();
        this.markSeen = manifest.mark().segment() < segment;
    }

    /** Of a log that nobody writes to. */
    static LogReader ofWhole(FileSystem files, Manifest manifest) {
        return new LogReader(files, manifest, manifest.sealed() ? manifest.mark() : null, true);
    }

    /** Of a log that is written to behind {@code stop}. */
    static LogReader upTo(FileSystem files, Manifest manifest, Mark stop) {
        return new LogReader(files, manifest, stop, false);
    }

    LogEnd read(long afterRevision, FrameVisitor visitor) throws IOException {
        if (stop != null && stop.segment() < segment) {
            requireUntouched(segment);
            return new LogEnd(List.of(), new Mark(0, crc, 0, revision), 0, 0, revision, 0, 0, null);
        }
        while (true) {
            LogEnd end = readSegment(afterRevision, visitor);
            if (end != null) {
                return end;
            }
            segment++;
        }
    }

    /** Reads one segment; {@code null} if another must follow. */
    private @Nullable LogEnd readSegment(long afterRevision, FrameVisitor visitor) throws IOException {
        int number = segment;
        try (FileSystem.Handle file = openSegment()) {
            SegmentReader reader = new SegmentReader(file, where(segment), manifest.storeId(), segment);
            SegmentHeader header = reader.header();
            for (position = SegmentHeader.SIZE; ; ) {
                checkMark();
                if (stop != null && stop.segment() == segment && stop.position() <= position) {
                    return stopped(reader, header);
                }
                Frame frame = reader.frame(position);
                String problem = frame == null ? reader.problem() : problemInOrder(frame);
                if (frame == null || problem != null) {
                    return judge(reader, header, problem == null ? "" : problem);
                }
                long start = position;
                crc = reader.crc(start);
                durable = frame.durableThrough();
                position = start + frame.size();
                if (frame.kind() == Frame.END) {
                    requireZeros(reader, "the end of the segment");
                    full.add(new FullSegment(segment, crc, revision));
                    return null;
                }
                revision = frame.last();
                if (revision > afterRevision) {
                    frames++;
                    bytes += frame.size();
                    visitor.frame(
                            frame.first(),
                            reader.array(),
                            reader.payload(start),
                            frame.length(),
                            () -> where(number, start));
                }
            }
        }
    }

    private FileSystem.Handle openSegment() throws IOException {
        try {
            return files.openToRead(StoreFiles.segment(segment));
        } catch (NoSuchFileException e) {
            throw Failures.corrupt(where(segment), "the file is missing, and the log goes on in it");
        }
    }

    private void checkMark() {
        Mark mark = manifest.mark();
        if (mark.segment() == segment && mark.position() == position) {
            if (mark.crc() != crc || mark.revision() != revision) {
                throw Failures.corrupt(
                        where(segment, position),
                        "the manifest knows revision %d and checksum %08x up to here, found %d and %08x"
                                .formatted(mark.revision(), mark.crc(), revision, crc));
            }
            markSeen = true;
        }
    }

    /** What keeps a whole frame from being the next one; {@code null} if nothing does. */
    private @Nullable String problemInOrder(Frame frame) {
        if (frame.predecessor() != crc) {
            return "the frame follows one with checksum %08x, not %08x".formatted(frame.predecessor(), crc);
        }
        long first = frame.kind() == Frame.END ? frame.last() + 1 : frame.first();
        if (first != revision + 1 || frame.durableThrough() > revision) {
            return "the frame begins with revision %d after %d".formatted(first, revision);
        }
        return null;
    }

    private LogEnd stopped(SegmentReader reader, SegmentHeader header) throws IOException {
        Mark end = new Mark(segment, crc, position, revision);
        if (stop == null || !end.isAt(stop)) {
            throw Failures.corrupt(where(segment, position), "the log should end at " + stop + ", not at " + end);
        }
        if (nothingBehind) {
            requireZeros(reader, "the end of the log");
            requireUntouched(segment + 1);
        }
        return ended(header, reader.length(), null);
    }

    private void requireZeros(SegmentReader reader, String what) throws IOException {
        if (nothingBehind && reader.endOfContent(position) != position) {
            throw Failures.corrupt(where(segment, position), "something was written behind " + what);
        }
    }

    /** Judges what is no good frame: the normal end of a log, a torn one, or damage. */
    private LogEnd judge(SegmentReader reader, SegmentHeader header, String problem) throws IOException {
        long limit = manifest.leastLength(header);
        if (stop != null || !markSeen) {
            throw Failures.corrupt(where(segment, position), problem + ", before what is known to be durable");
        }
        if (reader.length() < limit) {
            throw Failures.corrupt(where(segment), Failures.cut(reader.length(), limit));
        }
        requireUntouched(segment + 1);
        long end = reader.endOfContent(position);
        if (end == position) {
            return ended(header, limit, null);
        }
        long durable = reader.highestDurableBehind(position);
        if (durable > Math.max(revision, checkpointRevision())) {
            throw Failures.corrupt(
                    where(segment, position),
                    "%s, and revisions %d to %d, which were durable, are lost with it"
                            .formatted(problem, revision + 1, durable));
        }
        return ended(header, limit, new Torn(where(segment, position), end, problem));
    }

    private long checkpointRevision() {
        Manifest.Checkpoint checkpoint = manifest.checkpoint();
        return checkpoint == null ? 0 : checkpoint.revision();
    }

    private LogEnd ended(SegmentHeader header, long limit, @Nullable Torn torn) {
        Mark end = new Mark(segment, crc, position, revision);
        return new LogEnd(List.copyOf(full), end, header.capacity(), limit, durable, frames, bytes, torn);
    }

    /** Behind the last segment there may be one that was prepared, and no more. */
    private void requireUntouched(int next) throws IOException {
        for (String name : files.list()) {
            if (StoreFiles.segmentNumber(name) > next) {
                throw Failures.corrupt(where(name), "the log ends before it, in " + StoreFiles.segment(next - 1));
            }
        }
        try (FileSystem.Handle file = files.openToRead(StoreFiles.segment(next))) {
            SegmentReader reader = new SegmentReader(file, where(next), manifest.storeId(), next);
            reader.header();
            if (reader.endOfContent(SegmentHeader.SIZE) != SegmentHeader.SIZE) {
                throw Failures.corrupt(
                        where(segment, position), "the log ends here, and yet goes on in " + StoreFiles.segment(next));
            }
        } catch (NoSuchFileException e) {
            // None was prepared yet.
        }
    }

    private String where(String name) {
        return files.description() + "/" + name;
    }

    private String where(int number) {
        return where(StoreFiles.segment(number));
    }

    private String where(int number, long at) {
        return where(number) + ", byte " + at;
    }
}
