// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.FileSystem;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The right to use a store. Who holds it stands in a file beside the lock, for the message only; the lock itself is the
 * system's and cannot outlive the process.
 */
final class StoreLock implements AutoCloseable {
    private static final int LONGEST_PID = 20;

    private final FileSystem files;
    private final FileSystem.Lock lock;
    private final boolean shared;

    private StoreLock(FileSystem files, FileSystem.Lock lock, boolean shared) {
        this.files = files;
        this.lock = lock;
        this.shared = shared;
    }

    static StoreLock take(FileSystem files, boolean shared) throws IOException {
        FileSystem.Lock lock = files.lock(StoreFiles.LOCK, shared);
        if (lock == null) {
            throw new KvException.Locked("%s is in use by %s. Close it there first; one process at a time may have it."
                    .formatted(files.description(), holder(files)));
        }
        boolean taken = false;
        try {
            if (!shared) {
                sign(files);
            }
            StoreLock held = new StoreLock(files, lock, shared);
            taken = true;
            return held;
        } finally {
            if (!taken) {
                lock.close();
            }
        }
    }

    boolean isInPlace() {
        return lock.isInPlace();
    }

    /** A full disk is no reason not to open: without the signature only a message is poorer. */
    private static void sign(FileSystem files) {
        try (FileSystem.Handle file = files.create(StoreFiles.HOLDER)) {
            byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            file.write(0, pid, 0, pid.length);
        } catch (IOException e) {
            System.getLogger(StoreLock.class.getName())
                    .log(Level.DEBUG, "The holder's file of " + files.description() + " was not written.", e);
        }
    }

    private static String holder(FileSystem files) {
        Long pid = signature(files);
        if (pid == null) {
            return "another reader or writer";
        }
        if (pid == ProcessHandle.current().pid()) {
            return "this process";
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        return process.isPresent() ? "process " + pid : "a reader, or a process outside this container or machine";
    }

    /** The process that the holder's file names; {@code null} if it does not say, which is no reason to fail. */
    private static @Nullable Long signature(FileSystem files) {
        try (FileSystem.Handle file = files.openToRead(StoreFiles.HOLDER)) {
            byte[] bytes = new byte[LONGEST_PID];
            int count = file.read(0, bytes, 0, bytes.length);
            return Long.valueOf(new String(bytes, 0, count, StandardCharsets.US_ASCII));
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (!shared) {
                files.delete(StoreFiles.HOLDER);
            }
        } finally {
            lock.close();
        }
    }
}
