// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.Storage.CheckpointSource;
import io.github.kvist.format.CheckpointHeader;
import io.github.kvist.format.Manifest.Checkpoint;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.zip.CRC32C;

/** A checkpoint's file, for reading. Safe for any thread. */
final class CheckpointFile implements CheckpointSource {
    private static final int PIECE = 64 << 10;

    private final FileSystem.Handle file;
    private final String where;
    private final Checkpoint checkpoint;

    private CheckpointFile(FileSystem.Handle file, String where, Checkpoint checkpoint) {
        this.file = file;
        this.where = where;
        this.checkpoint = checkpoint;
    }

    /** Opens it, and makes sure that it is the one that is meant, and as long as it should be. */
    static CheckpointFile open(FileSystem files, long storeId, Checkpoint checkpoint) throws IOException {
        String name = StoreFiles.checkpoint(checkpoint.number());
        String where = files.description() + "/" + name;
        FileSystem.Handle handle;
        try {
            handle = files.openToRead(name);
        } catch (NoSuchFileException e) {
            throw Failures.corrupt(where, "the file is missing");
        }
        CheckpointFile file = new CheckpointFile(handle, where, checkpoint);
        boolean right = false;
        try {
            file.check(storeId);
            right = true;
            return file;
        } finally {
            if (!right) {
                handle.close();
            }
        }
    }

    /** Opens it whatever it is. */
    static CheckpointFile unchecked(FileSystem files, Checkpoint checkpoint) throws IOException {
        String name = StoreFiles.checkpoint(checkpoint.number());
        return new CheckpointFile(files.openToRead(name), files.description() + "/" + name, checkpoint);
    }

    private void check(long storeId) throws IOException {
        if (file.length() != checkpoint.length()) {
            throw Failures.corrupt(where, "it holds %d bytes, not %d".formatted(file.length(), checkpoint.length()));
        }
        byte[] bytes = new byte[CheckpointHeader.SIZE];
        fill(0, bytes, 0, bytes.length);
        CheckpointHeader found = CheckpointHeader.decode(bytes, where);
        if (!found.isOf(checkpoint.number(), storeId, checkpoint.revision())) {
            throw Failures.corrupt(where, "it is another checkpoint or of another store: " + found);
        }
    }

    @Override
    public long revision() {
        return checkpoint.revision();
    }

    @Override
    public long length() {
        return checkpoint.length() - CheckpointHeader.SIZE;
    }

    @Override
    public String description() {
        return where;
    }

    @Override
    public void read(long position, byte[] target, int offset, int length) {
        try {
            fill(CheckpointHeader.SIZE + position, target, offset, length);
        } catch (IOException e) {
            throw Failures.unavailable(where + " cannot be read", e);
        }
    }

    private void fill(long position, byte[] target, int offset, int length) throws IOException {
        int count = file.read(position, target, offset, length);
        if (count < length) {
            throw Failures.corrupt(where, "it ends at byte " + (position + count));
        }
    }

    /** Reads it all, and compares the checksum. */
    void verify() throws IOException {
        CRC32C crc = new CRC32C();
        byte[] piece = new byte[PIECE];
        for (long at = 0; at < checkpoint.length(); ) {
            int count = (int) Math.min(PIECE, checkpoint.length() - at);
            fill(at, piece, 0, count);
            crc.update(piece, 0, count);
            at += count;
        }
        if ((int) crc.getValue() != checkpoint.crc()) {
            throw new KvException.Corrupt("%s: stored checksum %08x, computed %08x. Restore a backup."
                    .formatted(where, checkpoint.crc(), (int) crc.getValue()));
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw Failures.unavailable(where + " cannot be closed", e);
        }
    }
}
