// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.api.Durability;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.file.LogEnd.FullSegment;
import io.github.kvist.backend.file.Segments.Prepared;
import io.github.kvist.format.Frame;
import io.github.kvist.format.Manifest;
import io.github.kvist.format.Manifest.Mark;
import io.github.kvist.format.SegmentHeader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Appends frames to the last segment of the log.
 *
 * <p>A full segment gets an end frame that is durable before anything is written to the next: so the manifest need not be
 * touched, and all frames of a segment are durable as soon as the next holds one.
 *
 * <p>One thread at a time; what others may ask says so.
 */
final class LogWriter {
    private final FileSystem files;
    private final ManifestFile manifest;
    private final Segments segments;
    private final List<FullSegment> full;

    private FileSystem.@Nullable Handle file;
    private int segment;
    private long capacity;
    private long limit;
    private long position;
    private int crc;
    private long revision;
    private long durable;
    private boolean unsynced;

    /** Where the last whole frame ends, for readers beside the writer. */
    private volatile Mark end;

    LogWriter(FileSystem files, ManifestFile manifest, Segments segments, LogEnd found) {
        this.files = files;
        this.manifest = manifest;
        this.segments = segments;
        this.full = new CopyOnWriteArrayList<>(found.full());
        this.segment = found.mark().segment();
        this.capacity = found.capacity();
        this.limit = found.limit();
        this.position = found.mark().position();
        this.crc = found.mark().crc();
        this.revision = found.mark().revision();
        this.durable = revision;
        this.end = found.mark();
    }

    /** Safe for any thread. */
    Mark end() {
        return end;
    }

    /** The segments before the last, oldest first. Safe for any thread. */
    List<FullSegment> full() {
        return full;
    }

    /** Appends a frame, and returns the bytes that it takes. */
    long append(long first, long last, byte[] array, int offset, int length, Durability durability) throws IOException {
        FileSystem.Handle target = begun();
        if (first != revision + 1 || last < first) {
            throw new IllegalArgumentException(
                    "Revisions %d to %d cannot follow %d in the log.".formatted(first, last, revision));
        }
        long size = Frame.sizeOf(length);
        if (position + size + Frame.HEAD > limit) {
            target = rotate(target, size);
        }
        Frame frame = new Frame(
                length, manifest.current().storeId(), segment, position, first, last, durable, crc, Frame.COMMITS);
        int frameCrc = frame.complete(array, offset);
        write(target, array, offset - Frame.HEAD, (int) size, durability == Durability.SYNC);
        position += size;
        crc = frameCrc;
        revision = last;
        if (!unsynced) {
            durable = last;
        }
        end = new Mark(segment, crc, position, revision);
        if (position > limit / 2) {
            segments.prepareAfter(segment, capacity);
        }
        return size;
    }

    /** One call writes and syncs, unless something older has to be synced too. */
    private void write(FileSystem.Handle target, byte[] array, int start, int size, boolean sync) throws IOException {
        if (sync && !unsynced) {
            target.writeAndSync(position, array, start, size);
            return;
        }
        unsynced = true;
        target.write(position, array, start, size);
        if (sync) {
            sync(target);
        }
    }

    private void sync(FileSystem.Handle target) throws IOException {
        target.sync();
        unsynced = false;
    }

    private FileSystem.Handle rotate(FileSystem.Handle target, long frameBytes) throws IOException {
        Prepared next = segments.after(segment, capacity, frameBytes);
        byte[] array = new byte[Frame.HEAD];
        Frame frame = new Frame(
                0, manifest.current().storeId(), segment, position, revision, revision, durable, crc, Frame.END);
        crc = frame.complete(array, Frame.HEAD);
        write(target, array, 0, array.length, true);
        durable = revision;
        full.add(new FullSegment(segment, crc, revision));
        target.close();
        return use(next);
    }

    private FileSystem.Handle use(Prepared next) throws IOException {
        FileSystem.Handle opened = files.openToWrite(StoreFiles.segment(next.number()));
        file = opened;
        segment = next.number();
        capacity = next.capacity();
        limit = next.capacity();
        position = SegmentHeader.SIZE;
        end = new Mark(segment, crc, position, revision);
        return opened;
    }

    /** Opens the log for writing, the first time: a store that is only read from stays as it is. */
    private FileSystem.Handle begun() throws IOException {
        Manifest.Checkpoint checkpoint = manifest.current().checkpoint();
        if (checkpoint != null && checkpoint.revision() > revision) {
            return startAnew(checkpoint.revision());
        }
        if (file != null) {
            return file;
        }
        return segment == 0 ? startFirst() : goOn();
    }

    private FileSystem.Handle startFirst() throws IOException {
        FileSystem.Handle opened = use(segments.first(manifest.current().start().segment()));
        manifest.update(old -> old.unsealed(end, limit));
        return opened;
    }

    /**
     * Leaves a log behind that ends before the checkpoint: a power cut took frames that were never synced, or the checkpoint holds
     * what was restored.
     */
    private FileSystem.Handle startAnew(long checkpointRevision) throws IOException {
        segments.settle();
        if (file != null) {
            file.close();
            file = null;
            unsynced = false;
        }
        Prepared next =
                segments.first(Math.max(segment + 1, manifest.current().start().segment()));
        crc = 0;
        revision = checkpointRevision;
        durable = checkpointRevision;
        FileSystem.Handle opened = use(next);
        Manifest.Start start = new Manifest.Start(segment, crc, revision);
        manifest.update(old -> old.withStart(start).unsealed(end, limit));
        full.clear();
        for (String name : files.list()) {
            int number = StoreFiles.segmentNumber(name);
            if (number > 0 && number < segment) {
                files.delete(name);
            }
        }
        return opened;
    }

    private FileSystem.Handle goOn() throws IOException {
        FileSystem.Handle opened = files.openToWrite(StoreFiles.segment(segment));
        file = opened;
        if (manifest.current().sealed()) {
            long prepared = Math.max(segments.sizeAgain(position, capacity), opened.length());
            Segments.fill(opened, opened.length(), prepared);
            opened.sync();
            limit = prepared;
            manifest.update(old -> old.unsealed(end, prepared));
        }
        return opened;
    }

    /** Makes all durable, says in the manifest that the log ends here for good, and gives back what is of no more use. */
    void seal() throws IOException {
        if (segment == 0) {
            return;
        }
        Manifest.Checkpoint checkpoint = manifest.current().checkpoint();
        if (checkpoint != null && checkpoint.revision() == revision) {
            sealWithoutLog();
        } else if (file != null || !manifest.current().sealed()) {
            sealLog();
        }
    }

    private void sealLog() throws IOException {
        FileSystem.Handle target = file != null ? file : files.openToWrite(StoreFiles.segment(segment));
        file = target;
        if (unsynced) {
            sync(target);
        }
        segments.settle();
        manifest.update(old -> old.sealed(end));
        target.truncate(position);
        files.delete(StoreFiles.segment(segment + 1));
    }

    /** The checkpoint holds all that the log does: the next opening need not read it. */
    private void sealWithoutLog() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
        segments.settle();
        manifest.update(old ->
                old.withStart(new Manifest.Start(segment + 1, crc, revision)).sealed(end));
        for (int number = full.isEmpty() ? segment : full.get(0).number(); number <= segment + 1; number++) {
            files.delete(StoreFiles.segment(number));
        }
    }

    void close() throws IOException {
        segments.settle();
        if (file != null) {
            file.close();
        }
    }
}
