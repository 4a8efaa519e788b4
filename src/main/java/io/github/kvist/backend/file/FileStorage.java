// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Recovery;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.Storage;
import io.github.kvist.backend.file.LogEnd.FullSegment;
import io.github.kvist.format.Manifest;
import io.github.kvist.format.SegmentHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a store in a directory of its own: segments of the log, the newest checkpoint, and a manifest.
 *
 * <p>Opening makes the directory if there is none; a directory that holds anything else is refused and left as it is. One
 * process at a time may write; readers share the store with other processes that read, but not with a writer, and one process
 * opens it once. Opened read-only, nothing in the directory is changed.
 *
 * <p>The first write or sync of the log that fails ends all writing until the store is opened again. A checkpoint that fails is
 * given up, and the log goes on.
 */
public final class FileStorage implements Storage {
    private static final long FIRST_SEGMENT = 1 << 20;
    private static final long LARGEST_SEGMENT = 8 << 20;
    private static final long LOOK_AT_LOCK_NANOS = 1_000_000_000;

    private final FileSystem files;
    private final long firstSegmentBytes;
    private final long largestSegmentBytes;
    private final Executor background;

    /** Held while the log is written to or closed. */
    private final ReentrantLock writing = new ReentrantLock();

    // Set by open and replay, before any other use.
    private boolean readOnly;
    private Recovery recovery = Recovery.DROP_TORN_TAIL;
    private @Nullable StoreLock lock;
    private @Nullable ManifestFile manifest;
    private volatile @Nullable LogWriter writer;
    private volatile RecoveryReport report = RecoveryReport.nothing();

    private long lockSeen;
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;

    /** Bytes of frames that were read or written. */
    private final AtomicLong logged = new AtomicLong();

    /** How many of them the newest checkpoint has made needless. */
    private volatile long needless;

    public FileStorage(Path directory) {
        this(new LocalFiles(directory));
    }

    public FileStorage(FileSystem files) {
        this(files, FIRST_SEGMENT, LARGEST_SEGMENT, Uninterrupted.threads("kvist-prepare"));
    }

    /**
     * With other sizes for segments of the log: each is twice as large as the one before, up to {@code largestSegmentBytes}.
     *
     * @param background prepares segments ahead; one that runs them at once makes each run of a test the same
     */
    public FileStorage(FileSystem files, long firstSegmentBytes, long largestSegmentBytes, Executor background) {
        if (firstSegmentBytes < 4 * SegmentHeader.SIZE || largestSegmentBytes < firstSegmentBytes) {
            throw new IllegalArgumentException("Segments of %d to %d bytes are too small or upside down."
                    .formatted(firstSegmentBytes, largestSegmentBytes));
        }
        this.files = files;
        this.firstSegmentBytes = firstSegmentBytes;
        this.largestSegmentBytes = largestSegmentBytes;
        this.background = background;
    }

    @Override
    public boolean keeps() {
        return true;
    }

    @Override
    public String description() {
        return files.description();
    }

    @Override
    public void open(Recovery recovery, boolean readOnly) {
        this.recovery = recovery;
        this.readOnly = readOnly;
        boolean opened = false;
        try {
            StoreDirectory.holdsStore(files, readOnly);
            lock = StoreLock.take(files, readOnly);
            manifest = StoreDirectory.holdsStore(files, readOnly)
                    ? ManifestFile.read(files)
                    : ManifestFile.create(files, new SecureRandom().nextLong());
            opened = true;
        } catch (IOException e) {
            throw Failures.unavailable(description() + " cannot be opened", e);
        } finally {
            if (!opened) {
                closed = true;
                letGo();
            }
        }
    }

    @Override
    public @Nullable CheckpointSource checkpoint() {
        Manifest current = manifest().current();
        Manifest.Checkpoint checkpoint = current.checkpoint();
        if (checkpoint == null) {
            return null;
        }
        try {
            return CheckpointFile.open(files, current.storeId(), checkpoint);
        } catch (IOException e) {
            throw Failures.unavailable(description() + ": the checkpoint cannot be read", e);
        }
    }

    @Override
    public void replay(long afterRevision, FrameVisitor visitor) {
        ManifestFile known = manifest();
        try {
            LogRecovery recovered = new LogRecovery(files, known, recovery, readOnly);
            LogEnd end = recovered.run(afterRevision, visitor);
            report = recovered.report(end);
            logged.set(end.bytes());
            Segments segments =
                    new Segments(files, known.current().storeId(), firstSegmentBytes, largestSegmentBytes, background);
            writer = new LogWriter(files, known, segments, end);
        } catch (IOException e) {
            throw Failures.unavailable(description() + ": the log cannot be read", e);
        }
    }

    @Override
    public RecoveryReport recovery() {
        return report;
    }

    @Override
    public void append(
            long firstRevision, long lastRevision, byte[] frame, int offset, int length, Durability durability) {
        writing.lock();
        try {
            LogWriter log = requireWriter();
            boolean appended = false;
            try {
                requireLock();
                logged.addAndGet(log.append(firstRevision, lastRevision, frame, offset, length, durability));
                appended = true;
            } catch (IOException e) {
                failure = e;
                throw Failures.outcomeUnknown(description() + " cannot be written to", e);
            } finally {
                if (!appended && failure == null) {
                    failure = new IllegalStateException("an append ended early");
                }
            }
        } finally {
            writing.unlock();
        }
    }

    private LogWriter requireWriter() {
        LogWriter log = writer;
        if (closed || log == null) {
            throw new KvException.Closed(description() + " is not open.");
        }
        if (readOnly) {
            throw new KvException.Unsupported(description() + " was opened read-only.");
        }
        if (failure != null || manifest().isBroken()) {
            throw Failures.poisoned(description(), failure);
        }
        return log;
    }

    /** If the directory was moved or deleted, another process may take the place; looking costs, so it is done now and then. */
    private void requireLock() throws IOException {
        long now = System.nanoTime();
        if (lockSeen != 0 && now - lockSeen < LOOK_AT_LOCK_NANOS) {
            return;
        }
        if (lock == null || !lock.isInPlace()) {
            throw new IOException("the directory or its lock was moved or deleted");
        }
        lockSeen = now;
    }

    @Override
    public long logBytes() {
        return logged.get() - needless;
    }

    @Override
    public Occupancy occupancy() {
        try {
            return new DirectorySize(files).occupancy(manifest().current(), largestSegmentBytes);
        } catch (IOException e) {
            throw Failures.unavailable(description() + ": the sizes of its files cannot be read", e);
        }
    }

    @Override
    public CheckpointSink newCheckpoint(long revision) {
        requireWriter();
        Manifest.Checkpoint newest = manifest().current().checkpoint();
        if (revision < 0 || (newest != null && revision < newest.revision())) {
            throw new IllegalArgumentException("A checkpoint of revision %d cannot replace one of revision %d."
                    .formatted(revision, newest == null ? 0 : newest.revision()));
        }
        long loggedBefore = logged.get();
        return NewCheckpoint.start(files, manifest(), revision, () -> needless = loggedBefore);
    }

    @Override
    public void cut(long throughRevision) {
        LogWriter log = requireWriter();
        Manifest.Checkpoint checkpoint = manifest().current().checkpoint();
        if (checkpoint == null) {
            return;
        }
        long through = Math.min(throughRevision, checkpoint.revision());
        List<FullSegment> needlessOnes =
                log.full().stream().filter(full -> full.revision() <= through).toList();
        if (needlessOnes.isEmpty()) {
            return;
        }
        try {
            FullSegment last = needlessOnes.get(needlessOnes.size() - 1);
            Manifest.Start start = new Manifest.Start(last.number() + 1, last.crc(), last.revision());
            manifest().update(old -> old.withStart(start));
            log.full().removeAll(needlessOnes);
            for (FullSegment full : needlessOnes) {
                files.delete(StoreFiles.segment(full.number()));
            }
        } catch (IOException e) {
            throw Failures.unavailable(description() + ": the log cannot be cut", e);
        }
    }

    @Override
    public List<Finding> verify() {
        LogWriter log = writer;
        if (closed || log == null) {
            throw new KvException.Closed(description() + " is not open.");
        }
        return new Inspection(files, manifest(), log).findings();
    }

    @Override
    public void close() {
        writing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            LogWriter log = writer;
            if (log != null) {
                close(log);
            }
        } finally {
            letGo();
            writing.unlock();
        }
    }

    private void close(LogWriter log) {
        boolean whole = !readOnly && failure == null && !manifest().isBroken();
        try {
            try {
                if (whole) {
                    log.seal();
                }
            } finally {
                manifest().close();
                log.close();
            }
        } catch (IOException e) {
            throw Failures.unavailable(
                    description() + " cannot be closed properly; the next opening looks what is kept", e);
        }
    }

    private void letGo() {
        StoreLock taken = lock;
        lock = null;
        if (taken == null) {
            return;
        }
        try {
            taken.close();
        } catch (IOException e) {
            throw Failures.unavailable(description() + ": the lock cannot be released", e);
        }
    }

    private ManifestFile manifest() {
        ManifestFile open = manifest;
        if (open == null) {
            throw new KvException.Closed(description() + " is not open.");
        }
        return open;
    }
}
