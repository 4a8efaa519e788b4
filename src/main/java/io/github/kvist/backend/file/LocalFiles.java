// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.backend.FileSystem;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of a directory of this machine. */
public final class LocalFiles implements FileSystem {
    private static final String OWNER_ONLY_DIRECTORY = "rwx------";
    private static final String OWNER_ONLY_FILE = "rw-------";

    private final Path directory;

    public LocalFiles(Path directory) {
        this.directory = directory;
    }

    @Override
    public String description() {
        return directory.toString();
    }

    @Override
    public void create() throws IOException {
        create(directory.toAbsolutePath());
    }

    private static void create(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        Path parent = path.getParent();
        if (parent != null) {
            create(parent);
        }
        Files.createDirectory(path, ownerOnly(path, OWNER_ONLY_DIRECTORY));
        if (parent != null) {
            sync(parent);
        }
    }

    @Override
    public List<String> list() throws IOException {
        if (!Files.isDirectory(directory)) {
            throw Files.exists(directory, LinkOption.NOFOLLOW_LINKS)
                    ? new NotDirectoryException(description())
                    : new NoSuchFileException(description());
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public boolean exists(String name) {
        return Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public Handle openToRead(String name) throws IOException {
        return new LocalFile(existing(name), false);
    }

    @Override
    public Handle openToWrite(String name) throws IOException {
        return new LocalFile(existing(name), true);
    }

    /** {@code RandomAccessFile} makes a missing file when it may write, and for everybody. */
    private Path existing(String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return file;
    }

    @Override
    public Handle create(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.deleteIfExists(file);
        Files.createFile(file, ownerOnly(file, OWNER_ONLY_FILE));
        return new LocalFile(file, true);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void syncDirectory() throws IOException {
        sync(directory);
    }

    private static void sync(Path directory) throws IOException {
        if (isWindows()) {
            return; // A directory cannot be opened there, and its changes are journalled at once.
        }
        Uninterrupted.start(Uninterrupted.threads("kvist-sync"), () -> {
                    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                        channel.force(true);
                    }
                    return directory;
                })
                .result();
    }

    @Override
    public @Nullable Lock lock(String name, boolean shared) throws IOException {
        Path file = directory.resolve(name);
        if (!shared && !Files.exists(file)) {
            createForAll(file);
        }
        return LocalLock.take(directory, name, shared);
    }

    /** Another opener may be making the file at the same time; one of both wins the lock. */
    private static void createForAll(Path file) throws IOException {
        try {
            Files.createFile(file, ownerOnly(file, OWNER_ONLY_FILE));
        } catch (FileAlreadyExistsException e) {
            // Just as well.
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }

    private static boolean isWindows() {
        return File.separatorChar == '\\';
    }
}
