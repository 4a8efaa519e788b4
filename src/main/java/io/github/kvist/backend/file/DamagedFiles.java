// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.Remains;
import io.github.kvist.backend.Storage.FrameVisitor;
import io.github.kvist.format.CheckpointHeader;
import io.github.kvist.format.Manifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is left of a directory that {@link FileStorage} refuses. Needs no manifest; where there is one that is whole, it says
 * whose files count.
 *
 * <p>Takes the lock as a reader does, so that nobody writes meanwhile, and needs memory for the description of each frame.
 */
public final class DamagedFiles implements Remains {
    private static final int SEGMENTS_LISTED = 1_000;

    private final FileSystem files;
    private final StoreLock lock;
    private final @Nullable Manifest manifest;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private final List<SegmentScan> segments = new ArrayList<>();
    private final List<Piece> frames;
    private long newestRevision;

    private DamagedFiles(FileSystem files, StoreLock lock) throws IOException {
        this.files = files;
        this.lock = lock;
        this.manifest = readManifest();
        long storeId = manifest != null ? manifest.storeId() : StoreIdentity.of(files);
        if (manifest != null) {
            newestRevision = manifest.mark().revision();
        }
        findCheckpoints(storeId);
        this.frames = findFrames(storeId);
    }

    /**
     * Looks through a directory.
     *
     * @throws KvException.Locked if the store is in use
     * @throws KvException.UnsupportedFormat if no file in it is one of a store
     * @throws KvException.Unavailable if it cannot be read
     */
    public static DamagedFiles open(FileSystem files) {
        try {
            StoreLock lock = StoreLock.take(files, true);
            boolean opened = false;
            try {
                DamagedFiles found = new DamagedFiles(files, lock);
                opened = true;
                return found;
            } finally {
                if (!opened) {
                    lock.close();
                }
            }
        } catch (IOException e) {
            throw Failures.unavailable(files.description() + " cannot be read", e);
        }
    }

    private @Nullable Manifest readManifest() throws IOException {
        try {
            return ManifestFile.read(files).current();
        } catch (KvException.Corrupt damaged) {
            findings.add(new Finding(
                    where(StoreFiles.MANIFEST),
                    "it is missing or damaged, so that only the files" + " themselves tell what belongs together."));
            return null;
        }
    }

    /** The one that the manifest names first, then the newest of the others. */
    private void findCheckpoints(long storeId) throws IOException {
        Manifest.Checkpoint named = manifest == null ? null : manifest.checkpoint();
        List<String> names = new ArrayList<>(files.list());
        names.removeIf(name -> StoreFiles.checkpointNumber(name) == 0
                // Of no account until the manifest names it.
                || (manifest != null && StoreFiles.checkpointNumber(name) > (named == null ? 0 : named.number())));
        names.sort(Comparator.comparingInt(StoreFiles::checkpointNumber).reversed());
        for (String name : names) {
            findCheckpoint(name, storeId, named);
        }
        if (named != null) {
            newestRevision = Math.max(newestRevision, named.revision());
            if (!names.contains(StoreFiles.checkpoint(named.number()))) {
                findings.add(new Finding(
                        where(StoreFiles.checkpoint(named.number())),
                        "the newest checkpoint, of revision %d, is missing.".formatted(named.revision())));
            }
        }
    }

    private void findCheckpoint(String name, long storeId, Manifest.@Nullable Checkpoint named) throws IOException {
        int number = StoreFiles.checkpointNumber(name);
        try (FileSystem.Handle file = files.openToRead(name)) {
            byte[] bytes = new byte[CheckpointHeader.SIZE];
            CheckpointHeader header = null;
            if (file.read(0, bytes, 0, bytes.length) == bytes.length) {
                try {
                    header = CheckpointHeader.decode(bytes, where(name));
                } catch (KvException.Corrupt damaged) {
                    findings.add(new Finding(where(name), "bytes 0 to 63, its header, are damaged."));
                }
            }
            if (header != null && header.storeId() != storeId) {
                findings.add(new Finding(where(name), "it belongs to another store and was left out."));
                return;
            }
            // Its length and the revision inside will have to be those that the manifest names.
            boolean isNamed = named != null && named.number() == number && named.length() == file.length();
            long revision = header != null ? header.revision() : isNamed && named != null ? named.revision() : -1;
            newestRevision = Math.max(newestRevision, revision);
            Manifest.Checkpoint described = new Manifest.Checkpoint(number, revision, file.length(), 0);
            checkpoints.add(new Checkpoint(CheckpointFile.unchecked(files, described), header != null || isNamed));
        }
    }

    private List<Piece> findFrames(long storeId) throws IOException {
        List<Piece> found = new ArrayList<>();
        for (String name : files.list()) {
            if (StoreFiles.segmentNumber(name) > 0) {
                SegmentScan scan = SegmentScan.of(files, name, storeId, segments.size(), manifest, findings);
                segments.add(scan);
                found.addAll(scan.pieces());
            }
        }
        found.sort(Comparator.comparingInt(Piece::segment).thenComparingLong(Piece::position));
        addMissingSegments(found);
        List<Piece> distinct = new ArrayList<>(found.size());
        for (Piece piece : found) {
            Piece before = distinct.isEmpty() ? null : distinct.get(distinct.size() - 1);
            boolean isCopy = before != null
                    && before.segment() == piece.segment()
                    && before.position() == piece.position()
                    && before.crc() == piece.crc();
            if (!isCopy) {
                distinct.add(piece);
                newestRevision = Math.max(newestRevision, piece.last());
            }
        }
        return distinct;
    }

    private void addMissingSegments(List<Piece> found) throws IOException {
        Set<Integer> present = new TreeSet<>();
        found.forEach(piece -> present.add(piece.segment()));
        int first = 1;
        int last = 0;
        if (!found.isEmpty()) {
            Piece end = found.get(found.size() - 1);
            first = found.get(0).segment();
            boolean goesOn = end.isEnd() && !files.exists(StoreFiles.segment(end.segment() + 1));
            last = goesOn ? end.segment() + 1 : end.segment();
        }
        if (manifest != null) {
            first = manifest.start().segment();
            last = Math.max(last, manifest.mark().segment());
        }
        // Those of a log that a checkpoint replaced are gone for good reason; hostile numbers are not worth a list.
        for (int number = first; number <= last && number - first <= SEGMENTS_LISTED; number++) {
            if (!present.contains(number)) {
                findings.add(new Finding(where(StoreFiles.segment(number)), "no frame of it is left."));
            }
        }
    }

    private String where(String name) {
        return files.description() + "/" + name;
    }

    @Override
    public String description() {
        return files.description();
    }

    @Override
    public List<Checkpoint> checkpoints() {
        return List.copyOf(checkpoints);
    }

    @Override
    public List<Piece> frames() {
        return List.copyOf(frames);
    }

    @Override
    public void read(List<Piece> pieces, FrameVisitor visitor) {
        int next = 0;
        while (next < pieces.size()) {
            int end = next;
            while (end < pieces.size()
                    && pieces.get(end).file() == pieces.get(next).file()) {
                end++;
            }
            try {
                segments.get(pieces.get(next).file()).read(pieces.subList(next, end), visitor);
            } catch (IOException e) {
                throw Failures.unavailable(description() + ": the log cannot be read", e);
            }
            next = end;
        }
    }

    @Override
    public long newestRevision() {
        return newestRevision;
    }

    @Override
    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    @Override
    public void close() {
        for (Checkpoint checkpoint : checkpoints) {
            checkpoint.source().close();
        }
        try {
            lock.close();
        } catch (IOException e) {
            throw Failures.unavailable(description() + ": the lock cannot be released", e);
        }
    }
}
