// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Recovery;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.Storage;
import io.github.kvist.format.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A store as its newest checkpoint has it, to be read while another process has the store open. Takes no lock and changes
 * nothing; commits after the checkpoint are not seen.
 *
 * <p>Safe beside any writer: a manifest and a checkpoint are renamed into place when they are whole and are never changed in
 * place. The manifest has a checksum of its own and names the checkpoint with its length and the checksum of its whole file, which is
 * compared before anything is believed. The file stays open meanwhile, so that it may be deleted; if that happens before it is
 * open, the manifest has been replaced and is read again.
 *
 * <p>The log is left alone on purpose: beside a writer, its end cannot be told from damage, nor what is durable from what is not.
 */
public final class CheckpointStorage implements Storage {

    private final FileSystem files;
    private @Nullable CheckpointFile newest;
    private boolean isOpened;
    private long bytes;

    /** @throws KvException.Unsupported on a system where a reader could keep the writer from replacing its manifest */
    public CheckpointStorage(Path directory) {
        this(new LocalFiles(directory));
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            throw new KvException.Unsupported(
                    "On this system a file that is being read cannot be replaced, so that reading " + directory
                            + " beside its writer would disturb it. Close the store there first.");
        }
    }

    CheckpointStorage(FileSystem files) {
        this.files = files;
    }

    @Override
    public boolean keeps() {
        return true;
    }

    @Override
    public String description() {
        return files.description() + " (its newest checkpoint)";
    }

    @Override
    public void open(Recovery recovery, boolean readOnly) {
        if (!readOnly) {
            throw new IllegalArgumentException("A checkpoint can only be read. Open it with Options.readOnly().");
        }
        CheckpointFile found = newest();
        bytes = found.length();
        newest = found;
        isOpened = true;
    }

    private CheckpointFile newest() {
        try {
            StoreDirectory.holdsStore(files, true);
            Manifest manifest = ManifestFile.read(files).current();
            while (true) {
                try {
                    return checked(manifest);
                } catch (KvException.Corrupt damaged) {
                    Manifest now = ManifestFile.read(files).current();
                    if (now.equals(manifest)) {
                        throw damaged;
                    }
                    manifest = now; // replaced meanwhile, and the checkpoint that it named deleted
                }
            }
        } catch (IOException failed) {
            throw Failures.unavailable(files.description() + ": the checkpoint cannot be read", failed);
        }
    }

    private CheckpointFile checked(Manifest manifest) throws IOException {
        Manifest.Checkpoint named = manifest.checkpoint();
        if (named == null) {
            throw new KvException.Unavailable(
                    files.description()
                            + " has no checkpoint yet. Let the process that has the store open make one with "
                            + "Admin.checkpoint(), or close the store there.",
                    null);
        }
        CheckpointFile file = CheckpointFile.open(files, manifest.storeId(), named);
        boolean right = false;
        try {
            file.verify();
            right = true;
            return file;
        } finally {
            if (!right) {
                file.close();
            }
        }
    }

    @Override
    public @Nullable CheckpointSource checkpoint() {
        CheckpointFile handed = newest;
        newest = null;
        return handed == null ? newest() : handed;
    }

    @Override
    public void replay(long afterRevision, FrameVisitor visitor) {
        // No log: see above.
    }

    @Override
    public RecoveryReport recovery() {
        return RecoveryReport.nothing();
    }

    @Override
    public void append(
            long firstRevision, long lastRevision, byte[] frame, int offset, int length, Durability durability) {
        throw readOnly();
    }

    @Override
    public long logBytes() {
        return 0;
    }

    /** What was read; what the writer needs beside it is the writer's business. */
    @Override
    public Occupancy occupancy() {
        return new Occupancy(bytes, bytes, 0);
    }

    @Override
    public CheckpointSink newCheckpoint(long revision) {
        throw readOnly();
    }

    @Override
    public void cut(long throughRevision) {
        throw readOnly();
    }

    private KvException.Unsupported readOnly() {
        return new KvException.Unsupported(description() + " can only be read.");
    }

    /** Checks the checkpoint that is the newest by now. */
    @Override
    public List<Finding> verify() {
        if (!isOpened) {
            throw new KvException.Closed(description() + " is not open.");
        }
        try {
            newest().close();
            return List.of();
        } catch (KvException.Corrupt damaged) {
            return List.of(new Finding(description(), String.valueOf(damaged.getMessage())));
        }
    }

    @Override
    public void close() {
        isOpened = false;
        CheckpointFile unused = newest;
        newest = null;
        if (unused != null) {
            unused.close();
        }
    }
}
