// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Recovery;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.backend.FileSystem;
import io.github.kvist.backend.Storage.FrameVisitor;
import io.github.kvist.backend.file.LogEnd.Torn;
import io.github.kvist.format.Manifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the log of a store that is being opened, leaves it fit to be written to, and says what it found. */
final class LogRecovery {
    private final FileSystem files;
    private final ManifestFile manifest;
    private final Recovery recovery;
    private final boolean readOnly;
    private final Manifest found;

    LogRecovery(FileSystem files, ManifestFile manifest, Recovery recovery, boolean readOnly) {
        this.files = files;
        this.manifest = manifest;
        this.recovery = recovery;
        this.readOnly = readOnly;
        this.found = manifest.current();
    }

    LogEnd run(long afterRevision, FrameVisitor visitor) throws IOException {
        LogEnd end = LogReader.ofWhole(files, found).read(afterRevision, visitor);
        if (end.torn() != null && recovery == Recovery.STRICT) {
            throw refused(end.torn());
        }
        if (!readOnly) {
            settle(end);
        }
        return end;
    }

    private static KvException refused(Torn torn) {
        return new KvException.Corrupt(
                "%s: %s; a crash left the end unfinished. Nothing was changed; open with Recovery.DROP_TORN_TAIL to lose that end."
                        .formatted(torn.where(), torn.problem()));
    }

    /** Leaves a log that can be built on: nothing behind its end, all before it durable, no leftovers. */
    private void settle(LogEnd end) throws IOException {
        List<String> needless = needless();
        if (!found.sealed()) {
            new LogRepair(files, found.storeId(), end).run();
            manifest.update(old -> old.unsealed(end.mark(), end.limit()));
        } else if (!needless.isEmpty()) {
            manifest.update(old -> old);
        }
        // Only now: after a failed sync of the directory the disk may hold an older manifest than the one read.
        for (String name : needless) {
            files.delete(name);
        }
    }

    /** What was being made when a process ended, or was to be deleted. */
    private List<String> needless() throws IOException {
        Manifest.Checkpoint checkpoint = found.checkpoint();
        int checkpointNumber = checkpoint == null ? 0 : checkpoint.number();
        List<String> needless = new ArrayList<>();
        for (String name : files.list()) {
            int segment = StoreFiles.segmentNumber(name);
            int number = StoreFiles.checkpointNumber(name);
            boolean oldSegment = segment > 0 && segment < found.start().segment();
            boolean otherCheckpoint = number > 0 && number != checkpointNumber;
            if (oldSegment || otherCheckpoint || StoreFiles.isUnfinished(name)) {
                needless.add(name);
            }
        }
        return needless;
    }

    RecoveryReport report(LogEnd end) {
        Manifest.Checkpoint checkpoint = found.checkpoint();
        long revision = Math.max(end.mark().revision(), checkpoint == null ? 0 : checkpoint.revision());
        Torn torn = end.torn();
        long bytesCut = torn == null || readOnly ? 0 : torn.end() - end.mark().position();
        return new RecoveryReport(found.sealed(), revision, end.frames(), bytesCut, findings(torn));
    }

    private List<Finding> findings(@Nullable Torn torn) {
        if (torn == null) {
            return List.of();
        }
        String fate = readOnly ? "was left out" : "was cut";
        String what = "%s; the unfinished end that a crash left %s.".formatted(torn.problem(), fate);
        return List.of(new Finding(torn.where(), what));
    }
}
