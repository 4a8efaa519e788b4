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
import io.github.kvist.backend.file.LogEnd.Torn;
import io.github.kvist.format.Manifest;
import io.github.kvist.format.SegmentHeader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
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
    private static final long LARGEST_SEGMENT = 64 << 20;
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
            requireStoreOrRoomForOne();
            lock = StoreLock.take(files, readOnly);
            manifest = requireStoreOrRoomForOne()
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

    /** Whether a store is there; if not, there is a directory that one may be made in. Checked before anything is touched. */
    private boolean requireStoreOrRoomForOne() throws IOException {
        List<String> names;
        try {
            names = files.list();
        } catch (NotDirectoryException e) {
            throw new KvException.UnsupportedFormat(
                    description() + " is not a directory; a store needs one of its own. Name another path.");
        } catch (NoSuchFileException e) {
            names = List.of();
        }
        if (names.contains(StoreFiles.MANIFEST)) {
            return true;
        }
        if (!StoreFiles.areOfAnUnmadeStore(names)) {
            throw names.stream().anyMatch(FileStorage::isOfAStore)
                    ? Failures.corrupt(description() + "/" + StoreFiles.MANIFEST, "the file is missing")
                    : new KvException.UnsupportedFormat(
                            description()
                                    + " holds other files and no store; a store needs a directory of its own. Name another path.");
        }
        if (readOnly) {
            throw new KvException.Unavailable(
                    description()
                            + " holds no store, and read-only none is made. Name another path, or open it to write.",
                    null);
        }
        files.create();
        return false;
    }

    private static boolean isOfAStore(String name) {
        return StoreFiles.segmentNumber(name) > 0 || StoreFiles.checkpointNumber(name) > 0;
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
        Manifest found = manifest().current();
        try {
            LogEnd end = LogReader.ofWhole(files, found).read(afterRevision, visitor);
            Finding finding = end.torn() == null ? null : judge(end.torn());
            if (!readOnly) {
                settle(end, found);
            }
            logged.set(end.bytes());
            report = report(found, end, finding);
            writer = new LogWriter(
                    files,
                    manifest(),
                    new Segments(files, found.storeId(), firstSegmentBytes, largestSegmentBytes, background),
                    end);
        } catch (IOException e) {
            throw Failures.unavailable(description() + ": the log cannot be read", e);
        }
    }

    private Finding judge(Torn torn) {
        if (recovery == Recovery.STRICT) {
            throw new KvException.Corrupt(
                    "%s: %s; a crash left the end unfinished. Nothing was changed; open with Recovery.DROP_TORN_TAIL to lose that end."
                            .formatted(torn.where(), torn.problem()));
        }
        String fate = readOnly ? "was left out" : "was cut";
        return new Finding(
                torn.where(), "%s; the unfinished end that a crash left %s.".formatted(torn.problem(), fate));
    }

    /** Leaves a log that can be built on: nothing behind its end, all before it durable, no leftovers. */
    private void settle(LogEnd end, Manifest found) throws IOException {
        if (!found.sealed()) {
            new LogRepair(files, found.storeId(), end).run();
            // Makes the names durable too, which a failed sync of the directory may have left in doubt.
            manifest().update(old -> old.unsealed(end.mark(), end.limit()));
        }
        Manifest.Checkpoint checkpoint = found.checkpoint();
        int checkpointNumber = checkpoint == null ? 0 : checkpoint.number();
        for (String name : files.list()) {
            int segment = StoreFiles.segmentNumber(name);
            int number = StoreFiles.checkpointNumber(name);
            boolean oldSegment = segment > 0 && segment < found.start().segment();
            boolean otherCheckpoint = number > 0 && number != checkpointNumber;
            if (oldSegment || otherCheckpoint || StoreFiles.isUnfinished(name)) {
                files.delete(name);
            }
        }
    }

    private RecoveryReport report(Manifest found, LogEnd end, @Nullable Finding finding) {
        Manifest.Checkpoint checkpoint = found.checkpoint();
        long revision = Math.max(end.mark().revision(), checkpoint == null ? 0 : checkpoint.revision());
        Torn torn = end.torn();
        long bytesCut = torn == null || readOnly ? 0 : torn.end() - end.mark().position();
        List<Finding> findings = finding == null ? List.of() : List.of(finding);
        return new RecoveryReport(found.sealed(), revision, end.frames(), bytesCut, findings);
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
        List<Finding> findings = new ArrayList<>();
        check(findings, StoreFiles.MANIFEST, () -> manifest().verify());
        Manifest current = manifest().current();
        Manifest.Checkpoint checkpoint = current.checkpoint();
        if (checkpoint != null) {
            check(findings, StoreFiles.checkpoint(checkpoint.number()), () -> {
                try (CheckpointFile file = CheckpointFile.open(files, current.storeId(), checkpoint)) {
                    file.verify();
                }
            });
        }
        check(
                findings,
                "log",
                () -> LogReader.upTo(files, current, log.end())
                        .read(Long.MAX_VALUE, (first, array, offset, length, where) -> {}));
        return findings;
    }

    /** Something that may find damage. */
    private interface Check {
        void run() throws IOException;
    }

    private void check(List<Finding> findings, String what, Check check) {
        String where = description() + "/" + what;
        try {
            check.run();
        } catch (IOException e) {
            findings.add(new Finding(where, "cannot be read: " + e.getMessage()));
        } catch (KvException e) {
            findings.add(new Finding(where, String.valueOf(e.getMessage())));
        }
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
