// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.backend.FileSystem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A lock between processes, and inside this one.
 *
 * <p>The system drops a process's locks on a file as soon as the process closes <em>any</em> descriptor of it. So a second
 * opener in this process must be turned away before it opens the file, whatever path or class loader it came by: the one table
 * that all class loaders share is that of the system properties.
 */
final class LocalLock implements FileSystem.Lock {
    private static final String PROPERTY = "io.github.kvist.open:";

    private final Path path;
    private final String key;
    private final @Nullable RandomAccessFile file;

    private LocalLock(Path path, String key, @Nullable RandomAccessFile file) {
        this.path = path;
        this.key = key;
        this.file = file;
    }

    static @Nullable LocalLock take(Path directory, String name, boolean shared) throws IOException {
        Path path = directory.resolve(name);
        boolean exists = Files.exists(path);
        String key = PROPERTY + (exists ? key(path) : directory.toRealPath());
        if (System.getProperties().putIfAbsent(key, "") != null) {
            return null;
        }
        LocalLock lock = null;
        try {
            lock = exists ? lockFile(path, key, shared) : new LocalLock(path, key, null);
            return lock;
        } finally {
            if (lock == null) {
                System.getProperties().remove(key);
            }
        }
    }

    private static @Nullable LocalLock lockFile(Path path, String key, boolean shared) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), shared ? "r" : "rw");
        LocalLock taken = null;
        try {
            @SuppressWarnings("resource") // It lives as long as the file is open.
            FileLock lock = file.getChannel().tryLock(0, Long.MAX_VALUE, shared);
            taken = lock == null ? null : new LocalLock(path, key, file);
            return taken;
        } catch (OverlappingFileLockException e) {
            return null; // Somebody in this process who does not know of the table.
        } finally {
            if (taken == null) {
                file.close();
            }
        }
    }

    /** What tells files apart by whatever name they are reached. */
    private static String key(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key != null ? key.toString() : path.toRealPath().toString();
    }

    @Override
    public boolean isInPlace() {
        try {
            return file == null || key.equals(PROPERTY + key(path));
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        Properties table = System.getProperties();
        try {
            if (file != null) {
                file.close();
            }
        } finally {
            table.remove(key);
        }
    }
}
