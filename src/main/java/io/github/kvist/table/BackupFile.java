// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.KvException;
import io.github.kvist.api.ProgressListener;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.Images;
import io.github.kvist.backend.View;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An image in a file. It is written under another name, which only its owner may read, and gets its own when it is whole, durable
 * and was read again.
 */
final class BackupFile {

    private static final int BUFFER = 256 << 10;

    private final Path target;
    private final FileSystem files;
    private final String name;

    private BackupFile(Path target, FileSystem files, String name) {
        this.target = target;
        this.files = files;
        this.name = name;
    }

    /**
     * Where a new backup is to be; nothing is written yet.
     *
     * @param directories the files of a directory
     */
    static BackupFile at(Path target, Function<Path, FileSystem> directories) {
        Path absolute = target.toAbsolutePath();
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        if (parent == null || name == null || !absolute.normalize().endsWith(name)) {
            throw present(target); // a root, or one of the names that each directory has
        }
        FileSystem files = directories.apply(parent);
        if (files.exists(name.toString())) {
            throw present(target);
        }
        requireDirectory(files, target);
        return new BackupFile(target, files, name.toString());
    }

    private static IllegalArgumentException present(Path target) {
        return new IllegalArgumentException(
                target + " exists already; a backup never replaces anything. Name a file that does not exist.");
    }

    private static void requireDirectory(FileSystem files, Path target) {
        try {
            files.list();
        } catch (NoSuchFileException | NotDirectoryException none) {
            throw new IllegalArgumentException(
                    target + " cannot be written because " + files.description()
                            + " is no directory. Make it first, or name another.",
                    none);
        } catch (IOException failed) {
            throw unwritable(target, failed);
        }
    }

    /** Writes what {@code view} shows. */
    void write(View view, Images images, ProgressListener listener) {
        String unfinished = "." + name + "-" + UUID.randomUUID() + ".tmp";
        try {
            writeWhole(unfinished, view, images, new TwoPasses(listener));
            give(unfinished);
        } catch (IOException failed) {
            throw unwritable(target, failed);
        }
    }

    private void writeWhole(String unfinished, View view, Images images, TwoPasses progress) throws IOException {
        try {
            try (FileSystem.Handle file = files.create(unfinished)) {
                images.write(view, HandleStreams.output(file), progress::written);
                file.sync();
            }
            try (FileSystem.Handle file = files.openToRead(unfinished)) {
                InputStream written = new BufferedInputStream(HandleStreams.input(file), BUFFER);
                images.verify(written, files.description() + "/" + unfinished, progress::readAgain);
            }
            progress.ended();
        } catch (Throwable failed) {
            delete(unfinished, failed);
            throw failed;
        }
    }

    /** Gives what is whole its name. Who is told that this failed finds nothing under it. */
    private void give(String unfinished) throws IOException {
        try {
            if (files.exists(name)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            files.rename(unfinished, name);
        } catch (Throwable failed) {
            delete(unfinished, failed);
            throw failed;
        }
        try {
            files.syncDirectory();
        } catch (Throwable failed) {
            delete(name, failed);
            throw failed;
        }
    }

    private void delete(String left, Throwable failed) {
        try {
            files.delete(left);
        } catch (IOException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    /** Hands over what is in a file, and tells of its bytes as they are read. */
    static void read(Path source, ProgressListener listener, Consumer<InputStream> reader) {
        if (!Files.isRegularFile(source)) {
            throw new IllegalArgumentException(source + " is no file. Name one that a backup was written to.");
        }
        // Not a channel: an interrupt would close it.
        try (InputStream in = new BufferedInputStream(new FileInputStream(source.toFile()), BUFFER)) {
            reader.accept(new ToldInput(in, Files.size(source), listener));
        } catch (IOException failed) {
            throw failure("The backup " + source + " cannot be read", failed);
        }
    }

    private static KvException.Unavailable unwritable(Path target, IOException cause) {
        return failure("The backup " + target + " cannot be written", cause);
    }

    private static KvException.Unavailable failure(String what, IOException cause) {
        return new KvException.Unavailable(
                what + " (" + cause
                        + "). The store is unharmed; look at the disk's space, rights and health, then try again.",
                cause);
    }

    /** Each entry counts twice: when it is written, and when it is read again. */
    private static final class TwoPasses {
        private final ProgressListener listener;
        private long entries;

        TwoPasses(ProgressListener listener) {
            this.listener = listener;
        }

        void written(long done, long total) {
            entries = total;
            listener.progressed(done, 2 * entries);
        }

        void readAgain(long done) {
            listener.progressed(entries + done, 2 * entries);
        }

        void ended() {
            readAgain(entries);
        }
    }
}
