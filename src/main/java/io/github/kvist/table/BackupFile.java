// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.KvException;
import io.github.kvist.api.ProgressListener;
import io.github.kvist.backend.Images;
import io.github.kvist.backend.View;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * An image in a file. It is written under another name, which only its owner may read, and gets its own when it is whole, durable
 * and was read again.
 */
final class BackupFile {

    private static final int BUFFER = 256 << 10;

    private final Path target;
    private final Path directory;

    private BackupFile(Path target, Path directory) {
        this.target = target;
        this.directory = directory;
    }

    /** Where a new backup is to be; nothing is written yet. */
    static BackupFile at(Path target) {
        Path absolute = target.toAbsolutePath();
        Path parent = absolute.getParent();
        if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS) || parent == null) {
            throw new IllegalArgumentException(
                    target + " exists already; a backup never replaces anything. Name a file that does not exist.");
        }
        if (!Files.isDirectory(parent)) {
            throw new IllegalArgumentException(target + " cannot be written because " + parent
                    + " is no directory. Make it first, or name another.");
        }
        return new BackupFile(target, parent);
    }

    /** Writes what {@code view} shows. */
    void write(View view, Images images, ProgressListener listener) {
        TwoPasses progress = new TwoPasses(listener);
        try {
            Path unfinished = Files.createTempFile(directory, "." + target.getFileName() + "-", ".tmp");
            try {
                try (FileOutputStream out = new FileOutputStream(unfinished.toFile())) {
                    images.write(view, out, progress::written);
                    out.getFD().sync();
                }
                read(
                        unfinished,
                        StoreAdmin.UNTOLD,
                        written -> images.verify(written, unfinished.toString(), progress::readAgain));
                progress.ended();
                Files.move(unfinished, target);
            } finally {
                Files.deleteIfExists(unfinished);
            }
            sync(directory);
        } catch (IOException failed) {
            throw failure("The backup " + target + " cannot be written", failed);
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

    private static KvException.Unavailable failure(String what, IOException cause) {
        return new KvException.Unavailable(
                what + " (" + cause
                        + "). The store is unharmed; look at the disk's space, rights and health, then try again.",
                cause);
    }

    /** Makes the name durable. An interrupt closes a channel, so it has to wait. */
    private static void sync(Path directory) throws IOException {
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return; // Elsewhere a directory cannot be opened, and its changes are journalled at once.
        }
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                    return;
                } catch (ClosedByInterruptException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
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
