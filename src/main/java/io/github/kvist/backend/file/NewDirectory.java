// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.Storage.CheckpointSink;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes a store that holds something from its first moment on: the checkpoint comes before the manifest, so that whatever
 * interrupts the making leaves a directory that is refused as a store.
 */
public final class NewDirectory {
    private final FileSystem files;

    private NewDirectory(FileSystem files) {
        this.files = files;
    }

    /**
     * A place for a new store.
     *
     * @throws IllegalArgumentException if something is there
     */
    public static NewDirectory in(FileSystem files) {
        try {
            if (!files.list().isEmpty()) {
                throw new IllegalArgumentException(files.description()
                        + " is not empty; a new store replaces nothing. Name a directory that does not exist.");
            }
        } catch (NoSuchFileException none) {
            // As it should be.
        } catch (NotDirectoryException file) {
            throw new IllegalArgumentException(
                    files.description() + " is a file. Name a directory that does not exist.", file);
        } catch (IOException e) {
            throw Failures.unavailable(files.description() + " cannot be looked at", e);
        }
        return new NewDirectory(files);
    }

    /**
     * Makes the store, closed, with one checkpoint and no log.
     *
     * @param image writes the image in the checkpoint
     * @throws KvException.Unavailable if it cannot be written; what was made is deleted again as far as that is possible
     */
    public void write(long revision, Consumer<CheckpointSink> image) {
        boolean written = false;
        try {
            files.create();
            StoreLock lock = StoreLock.take(files, false);
            try {
                ManifestFile manifest = ManifestFile.unwritten(files, new SecureRandom().nextLong());
                try (NewCheckpoint checkpoint = NewCheckpoint.start(files, manifest, revision, () -> {})) {
                    image.accept(checkpoint);
                    checkpoint.complete();
                    written = true;
                } finally {
                    if (!written) {
                        clear();
                    }
                }
            } finally {
                lock.close();
            }
        } catch (IOException e) {
            throw Failures.unavailable(files.description() + " cannot be written", e);
        }
    }

    /** The manifest first, so that no step leaves a store. */
    private void clear() {
        List<String> names = List.of(
                StoreFiles.MANIFEST,
                StoreFiles.MANIFEST + StoreFiles.UNFINISHED,
                StoreFiles.checkpoint(1),
                StoreFiles.checkpoint(1) + StoreFiles.UNFINISHED,
                StoreFiles.HOLDER);
        for (String name : names) {
            try {
                files.delete(name);
                files.syncDirectory();
            } catch (IOException e) {
                // What is left is refused as a store: a manifest that cannot be deleted names a whole checkpoint.
                return;
            }
        }
    }
}
