// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Finding;
import io.github.kvist.api.Recovery;
import io.github.kvist.api.RecoveryReport;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A durable home for the built-in engine: keeps frames of the log in revision order, and checkpoints so that the log can be
 * cut.
 *
 * <p>{@link #open} is called once and first; then {@link #checkpoint} and once {@link #replay}; then the rest.
 * {@link #append} is called by one thread at a time and is never called again after it failed; {@link #newCheckpoint}, {@link #checkpoint},
 * {@link #cut} and {@link #verify} are called by one other thread at a time, beside it. A caller's interrupt must neither disturb
 * nor be lost.
 */
public interface Storage extends AutoCloseable {

    /** Free bytes that the caller of {@link #append} leaves before the payload, for the storage's own header. */
    int HEAD_ROOM = 64;

    /** Free bytes that the caller of {@link #append} leaves behind the payload, for alignment. */
    int TAIL_ROOM = 8;

    /** Whether anything is kept at all; if not, only {@link #open}, {@link #description} and {@link #close} are called. */
    boolean keeps();

    /** Where the data lies, for messages; without secrets. */
    String description();

    /**
     * Takes the store for this process, or creates it.
     *
     * @throws io.github.kvist.api.KvException.Locked if it is in use, naming the holder
     * @throws io.github.kvist.api.KvException.Corrupt if what is there is damaged
     * @throws io.github.kvist.api.KvException.UnsupportedFormat if what is there is not a store, or of a newer format
     */
    void open(Recovery recovery, boolean readOnly);

    /** The newest complete checkpoint; {@code null} if there is none. The caller closes it. */
    @Nullable
    CheckpointSource checkpoint();

    /**
     * Hands over the frames that hold revisions above {@code afterRevision}, in order. An unfinished end is cut or refused as
     * {@link Recovery} says; after it returns, {@link #append} may be called unless the store is read-only.
     */
    void replay(long afterRevision, FrameVisitor visitor);

    /** What {@link #open} and {@link #replay} found. */
    RecoveryReport recovery();

    /**
     * Appends one frame, and returns when it and all before it are as durable as asked for.
     *
     * @param frame belongs to the storage until the call returns, the room before and behind the payload too
     * @param durability {@code MEMORY} is treated as {@code OS}: handed to the operating system
     * @throws RuntimeException or any error: the outcome is unknown, and nothing may be appended any more
     */
    void append(long firstRevision, long lastRevision, byte[] frame, int offset, int length, Durability durability);

    /** How many bytes of log a recovery would read now. Safe for any thread. */
    long logBytes();

    /** How much room is taken now. Safe for any thread; looks at files and not into them. */
    Occupancy occupancy();

    /**
     * Starts a checkpoint of {@code revision}, all of whose frames have been appended; or of a later one, which takes the place of
     * all that is kept: the next frame then begins right after it, and nothing is appended while it is written.
     */
    CheckpointSink newCheckpoint(long revision);

    /** Drops log that holds only revisions up to {@code throughRevision}, and checkpoints older than the newest. */
    void cut(long throughRevision);

    /** Reads all that is kept and checks it, beside appends. */
    List<Finding> verify();

    /** Makes everything durable, seals it, and lets go of the store. A second call does nothing. */
    @Override
    void close();

    /**
     * Room that is taken.
     *
     * @param bytes of the log and of all checkpoints
     * @param checkpointBytes of the newest checkpoint
     * @param segmentBytes of the largest piece in which the log is made ready and cut; 0 if it is cut anywhere
     */
    record Occupancy(long bytes, long checkpointBytes, long segmentBytes) {}

    /** Takes frames in revision order. */
    @FunctionalInterface
    interface FrameVisitor {

        /**
         * Takes one frame.
         *
         * @param where file and byte, for messages; asked only when there is something to say
         */
        void frame(long firstRevision, byte[] array, int offset, int length, Supplier<String> where);
    }

    /** The bytes of a checkpoint, as they were written. */
    interface CheckpointSource extends AutoCloseable {

        long revision();

        long length();

        /** Where it lies, for messages. */
        String description();

        /** Fills {@code length} bytes of {@code target} from {@code position} of the checkpoint; never less. Safe for any thread. */
        void read(long position, byte[] target, int offset, int length);

        @Override
        void close();
    }

    /** A checkpoint being written. Closing it without {@link #complete} leaves nothing. */
    interface CheckpointSink extends AutoCloseable {

        void write(byte[] source, int offset, int length);

        /** Makes it durable, and the newest. */
        void complete();

        @Override
        void close();
    }
}
