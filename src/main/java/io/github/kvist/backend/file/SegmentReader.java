// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.format.Frame;
import io.github.kvist.format.SegmentHeader;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads frames of one segment, judging each by itself, through one buffer that grows to the largest frame. */
final class SegmentReader {
    private static final int BUFFER = 256 << 10;

    /** A search computes checksums over at most so many times the segment, whatever the bytes pretend to be. */
    private static final int SEARCH_FACTOR = 4;

    private final FileSystem.Handle file;
    private final String where;
    private final long storeId;
    private final int number;
    private final long length;

    private byte[] buffer;
    private long bufferStart;
    private int bufferLength;
    private String problem = "";
    private long checksummed;

    SegmentReader(FileSystem.Handle file, String where, long storeId, int number) throws IOException {
        this.file = file;
        this.where = where;
        this.storeId = storeId;
        this.number = number;
        this.length = file.length();
        this.buffer = new byte[(int) Math.min(BUFFER, length)];
    }

    long length() {
        return length;
    }

    /** Reads the header, and makes sure that it is this store's and this segment's. */
    SegmentHeader header() throws IOException {
        int index = index(0, (int) Math.min(length, SegmentHeader.SIZE));
        byte[] bytes = Arrays.copyOfRange(buffer, index, index + (int) Math.min(length, SegmentHeader.SIZE));
        SegmentHeader header = SegmentHeader.decode(bytes, where);
        if (header.storeId() != storeId) {
            throw Failures.corrupt(where, "it belongs to another store");
        }
        if (header.segment() != number) {
            throw Failures.corrupt(where, "it is segment %d under a wrong name".formatted(header.segment()));
        }
        return header;
    }

    /** The frame at {@code position} if a whole one lies there; otherwise {@link #problem} says what is wrong. */
    @Nullable
    Frame frame(long position) throws IOException {
        if (length - position < Frame.HEAD) {
            problem = "the file ends within a frame";
            return null;
        }
        Frame frame = Frame.read(buffer, index(position, Frame.HEAD));
        if (!frame.claims(storeId, number, position)) {
            problem = "no frame begins here";
            return null;
        }
        if (frame.size() > length - position || frame.size() > Integer.MAX_VALUE - Frame.ALIGNMENT) {
            problem = "a frame of %d bytes does not fit into the file".formatted(frame.size());
            return null;
        }
        int size = (int) frame.size();
        int start = index(position, size);
        int stored = Frame.storedCrc(buffer, start);
        int computed = Frame.computedCrc(buffer, start, size);
        checksummed += size;
        if (stored != computed) {
            problem = "stored checksum %08x, computed %08x".formatted(stored, computed);
            return null;
        }
        return frame;
    }

    String problem() {
        return problem;
    }

    /** Whether checksums were computed over so many bytes that the rest of what begins like a frame is not worth looking at. */
    boolean isSearchedEnough() {
        return checksummed > SEARCH_FACTOR * length;
    }

    /** The checksum of the frame that {@link #frame} has just returned. */
    int crc(long position) throws IOException {
        return Frame.storedCrc(buffer, index(position, Frame.HEAD));
    }

    /** What holds the payload of the frame that {@link #frame} has just returned. */
    byte[] array() {
        return buffer;
    }

    /** Where that payload begins in {@link #array}. */
    int payload(long position) {
        return (int) (position - bufferStart) + Frame.HEAD;
    }

    /** The end of what is not zero from {@code position} on; {@code position} itself if all is. */
    long endOfContent(long position) throws IOException {
        long end = position;
        for (long at = position; at < length; ) {
            int count = (int) Math.min(BUFFER, length - at);
            int start = index(at, count);
            for (int i = count - 1; i >= 0; i--) {
                if (buffer[start + i] != 0) {
                    end = at + i + 1;
                    break;
                }
            }
            at += count;
        }
        return end;
    }

    /**
     * The highest revision that any whole frame behind {@code position} knows to have been durable, 0 if there is none. A whole
     * frame proves nothing about the bytes before it except that: unsynced writes may persist in any order.
     */
    long highestDurableBehind(long position) throws IOException {
        long highest = 0;
        long budget = checksummed + SEARCH_FACTOR * length;
        for (long at = position + Frame.ALIGNMENT; at <= length - Frame.HEAD; at += Frame.ALIGNMENT) {
            Frame frame = frame(at);
            if (frame != null) {
                highest = Math.max(highest, frame.durableThrough());
            }
            if (checksummed > budget) {
                throw Failures.corrupt(
                        where + ", byte " + position,
                        "what follows holds more beginnings of frames than a crash leaves");
            }
        }
        return highest;
    }

    /** Where these bytes of the file lie in the buffer; they must be in the file. */
    private int index(long position, int count) throws IOException {
        if (position < bufferStart || position + count > bufferStart + bufferLength) {
            if (count > buffer.length) {
                buffer = new byte[count];
            }
            bufferStart = position;
            bufferLength = file.read(position, buffer, 0, (int) Math.min(buffer.length, length - position));
            if (bufferLength < count) {
                throw new KvException.Corrupt("%s, byte %d: the file became shorter while it was read."
                        .formatted(where, position + bufferLength));
            }
        }
        return (int) (position - bufferStart);
    }
}
