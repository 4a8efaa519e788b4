// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.backend.FileSystem;
import io.github.kvist.format.Frame;
import io.github.kvist.format.SegmentHeader;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Makes segments: written full of zeros and synced before they are used, so that a sync of a frame need not record a new
 * length; and named only when they are whole. The next one is prepared on a thread of its own while the present one fills.
 */
final class Segments {
    private static final int PIECE = 64 << 10;

    private final FileSystem files;
    private final long storeId;
    private final long firstBytes;
    private final long largestBytes;
    private final Executor background;

    // Touched by the writing thread only.
    private @Nullable Uninterrupted<Prepared> next;

    /** A segment that waits to be used. */
    record Prepared(int number, long capacity) {}

    Segments(FileSystem files, long storeId, long firstBytes, long largestBytes, Executor background) {
        this.files = files;
        this.storeId = storeId;
        this.firstBytes = firstBytes;
        this.largestBytes = largestBytes;
        this.background = background;
    }

    /** Makes a segment of the smallest size. */
    Prepared first(int number) throws IOException {
        return prepare(number, firstBytes);
    }

    /** Starts preparing the segment after one of {@code capacity}, unless that is under way. */
    void prepareAfter(int number, long capacity) {
        if (next == null) {
            try {
                next = Uninterrupted.start(background, () -> prepare(number + 1, sizeAfter(capacity)));
            } catch (RuntimeException | Error noThread) {
                // It will be made when it is needed; the frame that is durable by now has nothing to do with it.
            }
        }
    }

    /**
     * Hands over the segment after one of {@code capacity}, with room for a frame. What failed in the background is tried again:
     * that file was never used.
     */
    Prepared after(int number, long capacity, long frameBytes) throws IOException {
        long needed = SegmentHeader.SIZE + frameBytes + Frame.HEAD;
        Prepared prepared = awaitNext();
        if (prepared != null && prepared.number == number + 1 && prepared.capacity >= needed) {
            return prepared;
        }
        return prepare(number + 1, Math.max(sizeAfter(capacity), needed));
    }

    private @Nullable Prepared awaitNext() {
        try {
            return next == null ? null : next.result();
        } catch (IOException | RuntimeException | Error e) {
            return null;
        } finally {
            next = null;
        }
    }

    /** Waits until nothing is being prepared. */
    void settle() {
        awaitNext();
    }

    private long sizeAfter(long capacity) {
        return Math.max(firstBytes, Math.min(2 * capacity, largestBytes));
    }

    /** How far to prepare a segment again that holds {@code used} bytes and was cut to them. */
    long sizeAgain(long used, long capacity) {
        return Math.max(used, Math.min(capacity, used + firstBytes));
    }

    private Prepared prepare(int number, long capacity) throws IOException {
        String name = StoreFiles.segment(number);
        String unfinished = name + StoreFiles.UNFINISHED;
        try (FileSystem.Handle file = files.create(unfinished)) {
            byte[] header = new SegmentHeader(number, storeId, capacity).encode();
            file.write(0, header, 0, header.length);
            fill(file, SegmentHeader.SIZE, capacity);
            file.sync();
        } catch (IOException e) {
            discard(unfinished, e);
            throw e;
        }
        files.rename(unfinished, name);
        files.syncDirectory();
        return new Prepared(number, capacity);
    }

    /** Gives the space back: a full disk is the likeliest reason to be here. */
    private void discard(String name, IOException reason) {
        try {
            files.delete(name);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** Writes zeros. */
    static void fill(FileSystem.Handle file, long from, long to) throws IOException {
        byte[] zeros = new byte[(int) Math.min(PIECE, Math.max(0, to - from))];
        for (long at = from; at < to; ) {
            int count = (int) Math.min(zeros.length, to - at);
            file.write(at, zeros, 0, count);
            at += count;
        }
    }
}
