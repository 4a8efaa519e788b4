// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import io.github.kvist.api.Finding;
import io.github.kvist.backend.Storage.CheckpointSource;
import io.github.kvist.backend.Storage.FrameVisitor;
import java.util.List;

/**
 * What can still be read of a home of the built-in engine that is damaged. Nothing in that home is changed by it.
 *
 * <p>Everything handed out has its checksum right. What belongs together is for the reader to judge. Used by one thread.
 */
public interface Remains extends AutoCloseable {

    /** Where it lies, for messages. */
    String description();

    /** What may be checkpoints, the most likely one first. Each is the caller's to close. */
    List<Checkpoint> checkpoints();

    /** All whole frames, in the order of the log; places where frames are missing are gaps in it. */
    List<Piece> frames();

    /** Reads the frames of {@code pieces}, which are some of {@link #frames} in their order, and hands each over. */
    void read(List<Piece> pieces, FrameVisitor visitor);

    /** The highest revision that anything still names. */
    long newestRevision();

    /** What is lost, as far as it can be seen without looking into checkpoints: files and bytes. */
    List<Finding> findings();

    @Override
    void close();

    /**
     * What may be a checkpoint.
     *
     * @param isIdentified whether it is known to be of this store, and of which revision
     */
    record Checkpoint(CheckpointSource source, boolean isIdentified) {}

    /**
     * A whole frame.
     *
     * @param last the last revision in it, or up to it if there is none in it
     * @param isEnd whether it ends its segment and holds no commits
     * @param size of the whole frame; the next one begins behind it
     * @param file an opaque number of the file that it lies in
     */
    record Piece(
            long first,
            long last,
            int crc,
            int predecessor,
            boolean isEnd,
            int segment,
            long position,
            long size,
            int file) {

        /** Whether this frame was written right after {@code other}. */
        public boolean follows(Piece other) {
            boolean isNextPlace = other.isEnd
                    ? segment == other.segment + 1
                    : segment == other.segment && position == other.position + other.size;
            return isNextPlace && predecessor == other.crc && (isEnd ? last : first - 1) == other.last;
        }
    }
}
