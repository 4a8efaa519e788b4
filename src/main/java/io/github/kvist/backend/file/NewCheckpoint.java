// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.Storage.CheckpointSink;
import io.github.kvist.format.CheckpointHeader;
import io.github.kvist.format.Manifest.Checkpoint;
import java.io.IOException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint being written: under a temporary name until it is whole and durable, and of no account until the manifest
 * names it. One thread.
 */
final class NewCheckpoint implements CheckpointSink {

    /** So much is handed to the disk at a time: one huge sync at the end would hold up the commits beside it. */
    private static final long SYNC_EVERY = 8 << 20;

    private final FileSystem files;
    private final ManifestFile manifest;
    private final int number;
    private final long revision;
    private final Runnable onComplete;
    private final CRC32C crc = new CRC32C();

    private FileSystem.@Nullable Handle file;
    private long length;
    private long syncedLength;
    private String leftover;

    private NewCheckpoint(FileSystem files, ManifestFile manifest, int number, long revision, Runnable onComplete) {
        this.files = files;
        this.manifest = manifest;
        this.number = number;
        this.revision = revision;
        this.onComplete = onComplete;
        this.leftover = StoreFiles.checkpoint(number) + StoreFiles.UNFINISHED;
    }

    /** Starts the checkpoint after the newest; {@code onComplete} is called when it has become the newest. */
    static NewCheckpoint start(FileSystem files, ManifestFile manifest, long revision, Runnable onComplete) {
        Checkpoint newest = manifest.current().checkpoint();
        int number = newest == null ? 1 : newest.number() + 1;
        NewCheckpoint checkpoint = new NewCheckpoint(files, manifest, number, revision, onComplete);
        boolean started = false;
        try {
            checkpoint.file = files.create(checkpoint.leftover);
            byte[] header = new CheckpointHeader(number, manifest.current().storeId(), revision).encode();
            checkpoint.write(header, 0, header.length);
            started = true;
            return checkpoint;
        } catch (IOException e) {
            throw checkpoint.failed(e);
        } finally {
            if (!started) {
                checkpoint.close();
            }
        }
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        FileSystem.Handle target = open();
        try {
            target.write(length, source, offset, count);
            crc.update(source, offset, count);
            length += count;
            if (length - syncedLength >= SYNC_EVERY) {
                target.sync();
                syncedLength = length;
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void complete() {
        FileSystem.Handle target = open();
        try {
            target.sync();
            file = null;
            target.close();
            String name = StoreFiles.checkpoint(number);
            files.rename(leftover, name);
            leftover = name;
            files.syncDirectory();
            replaceOlder();
        } catch (IOException e) {
            throw failed(e);
        }
        onComplete.run();
    }

    private void replaceOlder() throws IOException {
        Checkpoint older = manifest.current().checkpoint();
        Checkpoint newest = new Checkpoint(number, revision, length, (int) crc.getValue());
        boolean named = false;
        try {
            manifest.update(old -> old.withCheckpoint(newest));
            named = true;
        } finally {
            if (named || manifest.isBroken()) {
                leftover = ""; // The manifest on disk names it, or may do so, whatever went wrong.
            }
        }
        if (older != null) {
            files.delete(StoreFiles.checkpoint(older.number()));
        }
    }

    private FileSystem.Handle open() {
        FileSystem.Handle target = file;
        if (target == null) {
            throw new IllegalStateException("The checkpoint was completed or closed.");
        }
        return target;
    }

    private RuntimeException failed(IOException cause) {
        return Failures.unavailable(
                "%s: the checkpoint of revision %d cannot be written".formatted(files.description(), revision), cause);
    }

    @Override
    public void close() {
        try {
            FileSystem.Handle target = file;
            file = null;
            if (target != null) {
                target.close();
            }
            if (!leftover.isEmpty() && !manifest.isClosed()) {
                files.delete(leftover);
                leftover = "";
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
