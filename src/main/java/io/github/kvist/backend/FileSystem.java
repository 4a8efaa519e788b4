// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of one directory, as little of a file system as a log and its checkpoints need: the seam where tests put a disk
 * that breaks.
 *
 * <p>What is written is in the care of the operating system when a call returns, and survives a power cut only after
 * {@link Handle#sync} (or {@link Handle#writeAndSync}, for its own bytes). That a file was made, renamed or deleted survives
 * only after {@link #syncDirectory}. No call is disturbed by an interrupt of its thread, and none clears one.
 *
 * <p>Names are plain file names without a path. Safe for any number of threads, except for one {@link Handle}.
 */
public interface FileSystem {

    /** The directory, for messages. */
    String description();

    /** Makes the directory, durably and for its owner alone, if it is not there. */
    void create() throws IOException;

    /**
     * The names of all that lies in the directory, in order.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such directory
     * @throws java.nio.file.NotDirectoryException if it is something else
     */
    List<String> list() throws IOException;

    /** Whether anything has that name, a file or something else. */
    boolean exists(String name);

    /**
     * Opens an existing file for reading.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    Handle openToRead(String name) throws IOException;

    /**
     * Opens an existing file for reading and writing.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    Handle openToWrite(String name) throws IOException;

    /** Makes an empty file that only its owner may use, in place of what has that name, and opens it for reading and writing. */
    Handle create(String name) throws IOException;

    /** Gives a file another name, at once and in place of what has that name. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file; does nothing if there is none. */
    void delete(String name) throws IOException;

    /** Makes durable which names there are. */
    void syncDirectory() throws IOException;

    /**
     * Takes the lock that the file {@code name} stands for, making the file if needed; {@code null} if another opener, in this
     * process or elsewhere, has it. Nothing else may ever open that file. The system lets go of it when the process ends.
     *
     * @param shared whether other holders of a shared lock in other processes are tolerated; the file is then not made, and if it
     *     is missing nothing is locked outside this process
     */
    @Nullable
    Lock lock(String name, boolean shared) throws IOException;

    /**
     * One open file. Reads are safe for any thread; writes come from one thread at a time. A write past the end leaves zeros
     * between.
     */
    interface Handle extends AutoCloseable {

        long length() throws IOException;

        /** Reads {@code length} bytes, fewer only where the file ends; returns how many, 0 at or behind the end. */
        int read(long position, byte[] target, int offset, int length) throws IOException;

        void write(long position, byte[] source, int offset, int length) throws IOException;

        /** Writes, and makes these bytes durable, but not necessarily what was written before. */
        void writeAndSync(long position, byte[] source, int offset, int length) throws IOException;

        /** Makes durable all that was written through this handle, and the length. */
        void sync() throws IOException;

        /** Cuts the file; does nothing if it is not longer. */
        void truncate(long length) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** A lock that is held until it is closed. */
    interface Lock extends AutoCloseable {

        /** Whether the file that was locked is still the one that others would try to lock. */
        boolean isInPlace();

        @Override
        void close() throws IOException;
    }
}
