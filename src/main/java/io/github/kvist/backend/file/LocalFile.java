// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.backend.FileSystem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One file, without channels: an interrupt does not reach a {@link RandomAccessFile}.
 *
 * <p>Mode {@code rwd} turns each write into one system call that returns when the bytes are on stable storage, which is cheaper
 * than a write and a sync. A {@code RandomAccessFile} has one position, so that a thread which finds it in use reads through another,
 * unless the file has lost its name meanwhile.
 */
final class LocalFile implements FileSystem.Handle {

    /** The JDK copies each piece through native memory of that size: small enough to stay in the cache. */
    private static final int PIECE = 64 << 10;

    /** Each piece is a sync of its own. */
    private static final int SYNCED_PIECE = 1 << 20;

    private final Path path;
    private final RandomAccessFile file;

    /** Held while the position of {@link #file} matters. */
    private final ReentrantLock positioned = new ReentrantLock();

    private final Queue<RandomAccessFile> readers = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /** Opened at once: under its name there may be another file later, or none. Touched by the writing thread only. */
    private final @Nullable RandomAccessFile synced;

    private long syncedPosition;

    LocalFile(Path path, boolean writable) throws IOException {
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), writable ? "rw" : "r");
        this.synced = writable ? syncedBeside(file, path) : null;
    }

    private static RandomAccessFile syncedBeside(RandomAccessFile file, Path path) throws IOException {
        try {
            return new RandomAccessFile(path.toFile(), "rwd");
        } catch (IOException failed) {
            file.close();
            throw failed;
        }
    }

    @Override
    public long length() throws IOException {
        return file.length();
    }

    @Override
    public int read(long position, byte[] target, int offset, int length) throws IOException {
        if (positioned.tryLock()) {
            return readLocked(position, target, offset, length);
        }
        RandomAccessFile reader;
        try {
            reader = borrowed();
        } catch (FileNotFoundException deleted) {
            positioned.lock();
            return readLocked(position, target, offset, length);
        }
        try {
            return read(reader, position, target, offset, length);
        } finally {
            giveBack(reader);
        }
    }

    private int readLocked(long position, byte[] target, int offset, int length) throws IOException {
        try {
            return read(file, position, target, offset, length);
        } finally {
            positioned.unlock();
        }
    }

    private static int read(RandomAccessFile reader, long position, byte[] target, int offset, int length)
            throws IOException {
        reader.seek(position);
        int done = 0;
        while (done < length) {
            int count = reader.read(target, offset + done, Math.min(PIECE, length - done));
            if (count < 0) {
                break;
            }
            done += count;
        }
        return done;
    }

    private RandomAccessFile borrowed() throws IOException {
        RandomAccessFile reader = readers.poll();
        return reader == null ? new RandomAccessFile(path.toFile(), "r") : reader;
    }

    private void giveBack(RandomAccessFile reader) throws IOException {
        if (closed) {
            reader.close();
        } else {
            readers.add(reader);
        }
    }

    @Override
    public void write(long position, byte[] source, int offset, int length) throws IOException {
        positioned.lock();
        try {
            file.seek(position);
            for (int done = 0; done < length; ) {
                int count = Math.min(PIECE, length - done);
                file.write(source, offset + done, count);
                done += count;
            }
        } finally {
            positioned.unlock();
        }
    }

    @Override
    public void writeAndSync(long position, byte[] source, int offset, int length) throws IOException {
        RandomAccessFile target = synced;
        if (target == null) {
            throw new IOException(path.getFileName() + " was opened to read");
        }
        if (syncedPosition != position) {
            target.seek(position);
        }
        syncedPosition = -1; // Unknown, should the write fail.
        for (int done = 0; done < length; ) {
            int count = Math.min(SYNCED_PIECE, length - done);
            target.write(source, offset + done, count);
            done += count;
        }
        syncedPosition = position + length;
    }

    @Override
    public void sync() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void truncate(long length) throws IOException {
        positioned.lock();
        try {
            if (file.length() > length) {
                file.setLength(length);
            }
        } finally {
            positioned.unlock();
        }
    }

    /** Closes all, and reports the first failure: some file systems tell only here that a write was lost. */
    @Override
    public void close() throws IOException {
        closed = true;
        try {
            closeReaders();
        } finally {
            try {
                file.close();
            } finally {
                if (synced != null) {
                    synced.close();
                }
            }
        }
    }

    private void closeReaders() throws IOException {
        for (RandomAccessFile reader = readers.poll(); reader != null; reader = readers.poll()) {
            reader.close();
        }
    }
}
