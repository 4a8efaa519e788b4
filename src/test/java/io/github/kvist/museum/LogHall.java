// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.museum;

import static io.github.kvist.museum.Exhibit.of;

import java.util.List;

/** Defects of the log on its disk: syncs, names, checksums, and how an end is judged. */
final class LogHall {
    private LogHall() {}

    static final List<Exhibit> EXHIBITS = List.of(
            of(
                    "a write that failed is tried again at the same place",
                    "backend.file.LogWriter",
                    "target.writeAndSync(position, array, start, size);",
                    "try { target.writeAndSync(position, array, start, size); }"
                            + " catch (IOException e) { target.writeAndSync(position, array, start, size); }",
                    "backend.file.DiskFailureTest#firstFailedWriteEndsAllWriting"),
            of(
                    "a commit is acknowledged before it is synced",
                    "backend.file.LogWriter",
                    "target.writeAndSync(position, array, start, size);",
                    "target.write(position, array, start, size);",
                    "backend.file.CrashTest#powerCutAtEveryCallLosesNothingAcknowledged"),
            of(
                    "older unsynced frames are left unsynced by a synced one",
                    "backend.file.LogWriter",
                    "if (sync) { sync(target); }",
                    "",
                    "backend.file.CrashTest#powerCutAtEveryCallLosesNothingAcknowledged"),
            of(
                    "the name of a new segment is not made durable",
                    "backend.file.Segments",
                    "files.rename(unfinished, name); files.syncDirectory();",
                    "files.rename(unfinished, name);",
                    "backend.file.CrashTest#powerCutAtEveryCallLosesNothingAcknowledged"),
            of(
                    "a new segment is named before its content is synced",
                    "backend.file.Segments",
                    "fill(file, SegmentHeader.SIZE, capacity); file.sync();",
                    "fill(file, SegmentHeader.SIZE, capacity);",
                    "backend.file.CrashTest#powerCutAtEveryCallLosesNothingAcknowledged"),
            of(
                    "the rename of the manifest is not made durable",
                    "backend.file.ManifestFile",
                    "files.syncDirectory();",
                    "",
                    "backend.file.CrashTest#powerCutAtEveryCallLosesNothingAcknowledged"),
            of(
                    "the manifest is renamed before its content is synced",
                    "backend.file.ManifestFile",
                    "file.sync();",
                    "",
                    "backend.file.CrashTest#powerCutAtEveryCallLosesNothingAcknowledged"),
            of(
                    "a sync that failed is tried again",
                    "backend.file.LogWriter",
                    "target.sync(); unsynced = false;",
                    "try { target.sync(); } catch (IOException e) { target.sync(); } unsynced = false;",
                    "backend.file.DiskFailureTest#failureOfAnyCallLosesNothingAcknowledged[5]"),
            of(
                    "the log is written on after a write failed",
                    "backend.file.FileStorage",
                    "failure = e; throw Failures.outcomeUnknown(",
                    "appended = true; throw Failures.outcomeUnknown(",
                    "backend.file.DiskFailureTest#failureOfAnyCallLosesNothingAcknowledged[1]"),
            of(
                    "the end of a full segment is not synced before the next is used",
                    "backend.file.LogWriter",
                    "write(target, array, 0, array.length, true);",
                    "write(target, array, 0, array.length, false);",
                    "backend.file.CrashTest#powerCutAtEveryCallLosesNothingAcknowledged"),
            of(
                    "the seal is written before the log is synced",
                    "backend.file.LogWriter",
                    "if (unsynced) { sync(target); } segments.settle(); manifest.update(old -> old.sealed(end));",
                    "manifest.update(old -> old.sealed(end)); if (unsynced) { sync(target); } segments.settle();",
                    "backend.file.CrashTest#powerCutAtEveryCallLosesNothingAcknowledged"),
            of(
                    "the seal of a clean close is ignored",
                    "backend.file.LogReader",
                    "manifest.sealed() ? manifest.mark() : null",
                    "null",
                    "backend.file.LogDamageTest#unclosedStoreWithAChangedByteIsNeverSilentlyOlder"),
            of(
                    "a store that is written to again keeps its seal",
                    "backend.file.LogWriter",
                    "manifest.update(old -> old.unsealed(end, prepared));",
                    "",
                    "backend.file.CrashTest#powerCutAtEveryCallLosesNothingAcknowledged"),
            of(
                    "a checksum leaves out the last bytes",
                    "format.LittleEndian",
                    "crc.update(array, offset, length);",
                    "crc.update(array, offset, length - 4);",
                    "backend.file.LogDamageTest#unclosedStoreWithAChangedByteIsNeverSilentlyOlder"),
            of(
                    "the checksum of a frame leaves out its head",
                    "format.Frame",
                    "private static final int CRC = 4;",
                    "private static final int CRC = HEAD;",
                    "backend.file.LogDamageTest#unclosedStoreWithAChangedByteIsNeverSilentlyOlder"),
            of(
                    "the checksum of a frame is not looked at",
                    "backend.file.SegmentReader",
                    "if (stored != computed) {",
                    "if (stored != computed && size < 0) {",
                    "backend.file.LogDamageTest#unclosedStoreWithAChangedByteIsNeverSilentlyOlder"),
            of(
                    "the checksum of the manifest is not looked at",
                    "format.Envelope",
                    "if (stored != computed) {",
                    "if (stored != computed && size < 0) {",
                    "backend.file.LogDamageTest#unclosedStoreWithAChangedByteIsNeverSilentlyOlder"),
            of(
                    "a frame may follow any other",
                    "backend.file.LogReader",
                    "if (frame.predecessor() != crc) {",
                    "if (frame.predecessor() != crc && crc == 1) {",
                    "backend.file.LogDamageTest#wholeFrameThatFollowsAnotherHistoryIsNotTaken"),
            of(
                    "frames of another store are accepted",
                    "format.Frame",
                    "return this.storeId == storeId &&",
                    "return",
                    "backend.file.ForeignFramesTest#frameOfAnotherStoreInsideAValueVouchesForNothing"),
            of(
                    "frames of another segment are accepted",
                    "format.Frame",
                    "&& this.segment == segment",
                    "",
                    "backend.file.ForeignFramesTest#frameOfAnotherSegmentInsideAValueVouchesForNothing"),
            of(
                    "a segment of another store is accepted",
                    "backend.file.SegmentReader",
                    "if (header.storeId() != storeId) {",
                    "if (header.storeId() != storeId && number < 0) {",
                    "backend.file.ForeignFramesTest#lastSegmentOfAnotherStoreIsNoTornEnd"),
            of(
                    "a segment under a wrong name is accepted",
                    "backend.file.SegmentReader",
                    "if (header.segment() != number) {",
                    "if (header.segment() != number && number < 0) {",
                    "backend.file.ForeignFramesTest#lastSegmentThatIsAnotherOneIsNoTornEnd"),
            of(
                    "a frame is accepted at another place than its own",
                    "format.Frame",
                    "&& this.position == position",
                    "",
                    "backend.file.ForeignFramesTest#frameOfAnotherPlaceInsideAValueVouchesForNothing"),
            of(
                    "a missing segment is taken for the end of the log",
                    "backend.file.LogReader",
                    "segment++;",
                    "segment++; if (!files.list().contains(StoreFiles.segment(segment))) {"
                            + " return new LogEnd(List.copyOf(full), new Mark(segment, crc, SegmentHeader.SIZE, revision),"
                            + " SegmentHeader.SIZE, SegmentHeader.SIZE, durable, frames, bytes, null); }",
                    "backend.file.ForeignFramesTest#missingLastSegmentIsNoTornEnd"),
            of(
                    "any bad frame is taken for a torn end",
                    "backend.file.LogReader",
                    "if (durable > Math.max(revision, checkpointRevision())) {",
                    "if (durable < 0) {",
                    "backend.file.ForeignFramesTest#frameBehindABadOneThatKnowsOfALostRevisionRefuses"),
            of(
                    "the end may lie before the mark of the manifest",
                    "backend.file.LogReader",
                    "if (stop != null || !markSeen) {",
                    "if (stop != null) {",
                    "backend.file.LogDamageTest#damageBeforeWhatTheManifestKnowsIsNoTornEnd"),
            of(
                    "what the manifest knows of the mark is not compared",
                    "backend.file.LogReader",
                    "if (mark.crc() != crc || mark.revision() != revision) {",
                    "if (mark.revision() < 0) {",
                    "backend.file.ForeignFramesTest#logOfAnotherHistoryOfTheSameStoreIsRefused"),
            of(
                    "a segment that was cut is taken for a torn one",
                    "backend.file.LogReader",
                    "if (reader.length() < limit) {",
                    "if (reader.length() < 0) {",
                    "backend.file.LogDamageTest#unclosedStoreWithAShortenedFileIsRefused"),
            of(
                    "a log may end though it goes on in the next segment",
                    "backend.file.LogReader",
                    "if (reader.endOfContent(SegmentHeader.SIZE) != SegmentHeader.SIZE) {",
                    "if (next < 0) {",
                    "backend.file.ForeignFramesTest#badEndOfTheSegmentBeforeTheLastIsNoTornEnd"),
            of(
                    "what lies behind the end of a closed log is not looked at",
                    "backend.file.LogReader",
                    "if (nothingBehind && reader.endOfContent(position) != position) {",
                    "if (reader.length() < 0) {",
                    "backend.file.LogDamageTest#unclosedStoreWithAChangedByteIsNeverSilentlyOlder"),
            of(
                    "the search behind a bad frame has no bound",
                    "backend.file.SegmentReader",
                    "if (checksummed > budget) {",
                    "if (checksummed < 0) {",
                    "backend.file.ForeignFramesTest#valueFullOfBeginningsOfFramesIsRefusedInTime"),
            of(
                    "the length of a frame is believed before it is compared with the file",
                    "backend.file.SegmentReader",
                    "frame.size() > length - position || frame.size() > Integer.MAX_VALUE - Frame.ALIGNMENT",
                    "frame.size() > Integer.MAX_VALUE - Frame.ALIGNMENT",
                    "backend.file.ForeignFramesTest#lengthBeyondTheFileIsNotAllocated"),
            of(
                    "a torn end is not overwritten",
                    "backend.file.LogRepair",
                    "Segments.fill(file, end, torn.end());",
                    "",
                    "backend.file.ForeignFramesTest#cutEndIsNotFoundAgainAfterAPowerCut"),
            of(
                    "a torn end is cut without a sync",
                    "backend.file.LogRepair",
                    "Segments.fill(file, end, torn.end()); } file.sync();",
                    "Segments.fill(file, end, torn.end()); }",
                    "backend.file.ForeignFramesTest#cutEndIsNotFoundAgainAfterAPowerCut"),
            of(
                    "recovery trusts frames that were perhaps never synced",
                    "backend.file.LogRepair",
                    "if (from < 0 && (frame.kind() == Frame.END || frame.last() > log.durable())) {",
                    "if (position < 0) {",
                    "backend.file.DiskFailureTest#failureOfAnyCallLosesNothingAcknowledged[5]"),
            of(
                    "segments are deleted before the manifest does without them",
                    "backend.file.FileStorage",
                    "manifest().update(old -> old.withStart(start)); log.full().removeAll(needlessOnes);"
                            + " for (FullSegment full : needlessOnes) {"
                            + " files.delete(StoreFiles.segment(full.number())); }",
                    "for (FullSegment full : needlessOnes) { files.delete(StoreFiles.segment(full.number())); }"
                            + " manifest().update(old -> old.withStart(start)); log.full().removeAll(needlessOnes);",
                    "backend.file.CrashTest#powerCutAtEveryCallLosesNothingAcknowledged"),
            of(
                    "the log is cut beyond the checkpoint",
                    "backend.file.FileStorage",
                    "long through = Math.min(throughRevision, checkpoint.revision());",
                    "long through = throughRevision;",
                    "backend.file.SimulatedFileStorageTest#cutBehindTheCheckpointKeepsWhatItDoesNotHold"),
            of(
                    "a store is made anew where a store without manifest lies",
                    "backend.file.StoreFiles",
                    ".allMatch(name -> name.equals(LOCK)",
                    ".anyMatch(name -> name.equals(LOCK)",
                    "backend.file.StoreDirectoryTest#missingFileIsRefused"),
            of(
                    "a newer format is read as if it were known",
                    "format.Envelope",
                    "if (found != version) {",
                    "if (found < version) {",
                    "format.StoreLayoutsTest#newerVersionIsNoDamage"),
            of(
                    "two stores of one process share a directory",
                    "backend.file.LocalLock",
                    "if (System.getProperties().putIfAbsent(key, \"\") != null) {",
                    "if (System.getProperties().putIfAbsent(key, \"\") != null && shared) {",
                    "backend.file.StoreLockTest#refusedOpenerDoesNotLoosenTheLock"),
            of(
                    "a directory that was taken away is written to",
                    "backend.file.FileStorage",
                    "if (lock == null || !lock.isInPlace()) {",
                    "if (lock == null) {",
                    "backend.file.DiskFailureTest#writerNoticesThatItsDirectoryIsGone"),
            of(
                    "opening to read repairs the log",
                    "backend.file.LogRecovery",
                    "if (!readOnly) { settle(end); }",
                    "settle(end);",
                    "backend.file.LogDamageTest#readerLeavesAnUnfinishedEndWhereItIs"),
            of(
                    "a strict opening drops a torn end",
                    "backend.file.LogRecovery",
                    "if (end.torn() != null && recovery == Recovery.STRICT) {",
                    "if (end.torn() != null && end.frames() < 0) {",
                    "backend.file.LogDamageTest#unfinishedEndIsCutCopiedAndReported"),
            of(
                    "what is cut from a torn end is not kept",
                    "backend.file.LogRepair",
                    "copy(file, segment, end, torn.end());",
                    "",
                    "backend.file.LogDamageTest#unfinishedEndIsCutCopiedAndReported"),
            of(
                    "files that are not the store's are cleared away",
                    "backend.file.StoreFiles",
                    "return finished.equals(MANIFEST) || hasNumber(SEGMENT, finished) || hasNumber(CHECKPOINT, finished);",
                    "return true;",
                    "backend.file.StoreDirectoryTest#leftoversAreClearedAndStrangersAreNot"),
            of(
                    "a feature that is unknown is ignored",
                    "format.Manifest",
                    "if (features != 0) {",
                    "if (features < 0) {",
                    "format.StoreLayoutsTest#unknownFeatureIsRefused"),
            of(
                    "an interrupt during the sync of a directory is swallowed",
                    "backend.file.Uninterrupted",
                    "if (interrupted) { Thread.currentThread().interrupt(); }",
                    "",
                    "backend.file.FileStorageTest#interruptNeitherDisturbsNorIsLost"),
            of(
                    "a read that fails where a frame begins is taken for the end of the log",
                    "backend.file.SegmentReader",
                    "Frame frame = Frame.read(buffer, index(position, Frame.HEAD));",
                    "Frame frame; try { frame = Frame.read(buffer, index(position, Frame.HEAD)); } catch (IOException unread) { problem = \"\"; return null; }",
                    "backend.file.DiskFailureTest#failedReadWhereAFrameBeginsIsNoEndOfTheLog"));
}
