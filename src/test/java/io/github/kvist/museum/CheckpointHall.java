// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.museum;

import static io.github.kvist.museum.Exhibit.of;

import java.util.List;

/** Defects of checkpoints and images: what they hold, when they count, and what is checked when they are read. */
final class CheckpointHall {
    private CheckpointHall() {}

    static final List<Exhibit> EXHIBITS = List.of(
            of(
                    "a checkpoint forgets the versions that were given out",
                    "engine.Checkpointer",
                    "CheckpointWriter.write(root.image(head.versions().get(), root.millis), sink); sink.complete();",
                    "CheckpointWriter.write(root.image(0, root.millis), sink); sink.complete();",
                    "engine.RecoveryTest#noStampIsGivenOutTwiceWhenOnlyTheCheckpointKnowsThem"),
            of(
                    "a checkpoint is named before its content is synced",
                    "backend.file.NewCheckpoint",
                    "target.sync(); file = null;",
                    "file = null;",
                    "backend.file.CrashTest#powerCutAtEveryCallLosesNothingAcknowledged"),
            of(
                    "the name of a checkpoint is not durable before the manifest names it",
                    "backend.file.NewCheckpoint",
                    "files.syncDirectory();",
                    "",
                    "backend.file.CrashTest#powerCutAtEveryCallLosesNothingAcknowledged"),
            of(
                    "the older checkpoint is deleted before the manifest names the newer",
                    "backend.file.NewCheckpoint",
                    "replaceOlder(); } catch",
                    "if (number > 1) { files.delete(StoreFiles.checkpoint(number - 1)); } replaceOlder(); } catch",
                    "backend.file.CrashTest#powerCutAtEveryCallLosesNothingAcknowledged"),
            of(
                    "a checkpoint of another store or number is accepted",
                    "backend.file.CheckpointFile",
                    "if (!found.isOf(checkpoint.number(), storeId, checkpoint.revision())) {",
                    "if (!found.isOf(found.number(), found.storeId(), found.revision())) {",
                    "backend.file.StoreDirectoryTest#fileOfAnotherStoreIsRefused"),
            of(
                    "the checksum of a block is not looked at",
                    "checkpoint.BlockReader",
                    "if (computed != header.crc()) {",
                    "if (computed != header.crc() && end < 0) {",
                    "checkpoint.CheckpointDamageTest#everyFlippedBitIsRefused"),
            of(
                    "the lengths inside a block are believed",
                    "checkpoint.BlockReader",
                    "if (length > end - at) {",
                    "if (length < 0) {",
                    "checkpoint.CheckpointDamageTest#hostileBytesUnderRightChecksumsAreRefusedOrReadAsATree"),
            of(
                    "the count of large values is believed before anything is allocated",
                    "checkpoint.BlockReader",
                    "if (count <= 0 || count > (end - at) / Integer.BYTES) {",
                    "if (count <= 0) {",
                    "checkpoint.CheckpointDamageTest#hostileBytesUnderRightChecksumsAreRefusedOrReadAsATree"),
            of(
                    "the totals of a tree are not compared",
                    "checkpoint.CheckpointReader",
                    "if (tree.count() != totals.entries() || tree.bytes() != totals.bytes()) {",
                    "if (tree.count() < 0) {",
                    "checkpoint.CheckpointDamageTest#totalsThatDoNotFitAreFoundUnderRightChecksums"),
            of(
                    "a checkpoint may be of another revision than it says",
                    "checkpoint.FooterReader",
                    "if (revision != inHeader || revision != source.revision() || revision < 0 || footer.versions() < 0) {",
                    "if (revision < 0) {",
                    "checkpoint.CheckpointDamageTest#hostileNumbersUnderRightChecksumsAreRefusedOrReadAsATree"),
            of(
                    "the page of a checkpoint is not checked before it is used",
                    "tree.TreeBuilder",
                    "PageCheck.check(page, big);",
                    "",
                    "checkpoint.CheckpointDamageTest#pageThatIsNoneIsRefusedByItsNumber"),
            of(
                    "a checkpoint may be ahead of the log",
                    "engine.Checkpointer",
                    "head.flush();",
                    "",
                    "engine.CheckpointingTest#aCheckpointIsNeverAheadOfTheLog"),
            of(
                    "the log is replayed over a gap",
                    "engine.LogReplay",
                    "if (firstRevision > revision + 1) {",
                    "if (firstRevision < 0) {",
                    "engine.RecoveryTest#aMissingFrameIsRefused"),
            of(
                    "versions are given out again after a crash",
                    "engine.Recovered",
                    "long skipped = storage.recovery().clean() ? 0 : VERSIONS_SKIPPED;",
                    "long skipped = 0;",
                    "engine.RecoveryTest#noStampIsGivenOutTwiceAfterACrash"),
            of(
                    "the length of a key in the log is believed before anything is allocated",
                    "format.CommitReader",
                    "return (int) atMost(end - position, \"length of a \" + what, length);",
                    "return (int) length;",
                    "format.CommitFormatTest#noBytesAtAllMakeItFailInAnotherWay"),
            of(
                    "the checksum of a footer is not looked at",
                    "format.ImageTail",
                    "if (computed != footerCrc) {",
                    "if (computed != footerCrc && computed == 0) {",
                    "checkpoint.CheckpointDamageTest#everyFlippedBitIsRefused"),
            of(
                    "an image may go on behind its end",
                    "checkpoint.ImageReader",
                    "if (readByte() >= 0) {",
                    "if (readByte() > 255) {",
                    "HeapStoreTest/Images#imageThatWasCutAnywhereOrIsTooLongIsRefusedAndChangesNothing"),
            of(
                    "what is restored is shown before it is durable",
                    "engine.Committer",
                    "keep.accept(next); replacedAt = next.revision; head.restart(next);",
                    "replacedAt = next.revision; head.restart(next); keep.accept(next);",
                    "RestoreCrashTest#failedCallLeavesAStoreThatIsOldOrRestored"));
}
