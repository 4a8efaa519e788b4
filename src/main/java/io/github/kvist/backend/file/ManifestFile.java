// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.backend.FileSystem;
import io.github.kvist.format.Manifest;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The manifest of an open store, in memory and on disk. Safe for any thread. */
final class ManifestFile {
    /** More than any manifest holds; the rest of a longer file is not worth reading. */
    private static final int LONGEST = 4096;

    private final FileSystem files;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile Manifest current;

    /** What is on disk is not known any more: either the current one or this. */
    private volatile @Nullable Manifest attempted;

    private volatile boolean broken;

    /** The store may belong to somebody else by now. */
    private volatile boolean closed;

    private ManifestFile(FileSystem files, Manifest current) {
        this.files = files;
        this.current = current;
    }

    static ManifestFile read(FileSystem files) throws IOException {
        return new ManifestFile(files, load(files));
    }

    /** Of a new store, and on disk only when it is changed for the first time. */
    static ManifestFile unwritten(FileSystem files, long storeId) {
        return new ManifestFile(files, Manifest.ofNewStore(storeId));
    }

    static ManifestFile create(FileSystem files, long storeId) throws IOException {
        ManifestFile file = unwritten(files, storeId);
        file.update(manifest -> manifest);
        return file;
    }

    private static Manifest load(FileSystem files) throws IOException {
        String where = files.description() + "/" + StoreFiles.MANIFEST;
        try (FileSystem.Handle file = files.openToRead(StoreFiles.MANIFEST)) {
            byte[] bytes = new byte[(int) Math.min(LONGEST, file.length())];
            if (file.read(0, bytes, 0, bytes.length) < bytes.length) {
                throw Failures.corrupt(where, "it became shorter while it was read");
            }
            return Manifest.decode(bytes, where);
        } catch (NoSuchFileException e) {
            throw Failures.corrupt(where, "the file is missing");
        }
    }

    Manifest current() {
        return current;
    }

    boolean isBroken() {
        return broken;
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends all changes, after the one that is under way. */
    void close() {
        changing.lock();
        try {
            closed = true;
        } finally {
            changing.unlock();
        }
    }

    /** Makes sure that the file still says what it should. */
    void verify() throws IOException {
        changing.lock();
        try {
            Manifest found = load(files);
            if (!found.equals(current) && !found.equals(attempted)) {
                throw Failures.corrupt(files.description() + "/" + StoreFiles.MANIFEST, "somebody else replaced it");
            }
        } finally {
            changing.unlock();
        }
    }

    /**
     * Replaces the manifest, durably. A failure before the rename leaves the old one; one after it leaves either, so that
     * nothing may be changed any more, see {@link #isBroken}.
     */
    Manifest update(UnaryOperator<Manifest> change) throws IOException {
        changing.lock();
        try {
            if (broken || closed) {
                throw new IOException(closed ? "the store was closed" : "an earlier change of the manifest failed");
            }
            Manifest next = change.apply(current);
            String unfinished = StoreFiles.MANIFEST + StoreFiles.UNFINISHED;
            try (FileSystem.Handle file = files.create(unfinished)) {
                byte[] bytes = next.encode();
                file.write(0, bytes, 0, bytes.length);
                file.sync();
            }
            attempted = next;
            replace(unfinished);
            current = next;
            attempted = null;
            return next;
        } finally {
            changing.unlock();
        }
    }

    private void replace(String unfinished) throws IOException {
        boolean replaced = false;
        try {
            files.rename(unfinished, StoreFiles.MANIFEST);
            files.syncDirectory();
            replaced = true;
        } finally {
            broken = !replaced;
        }
    }
}
