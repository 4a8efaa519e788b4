// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.museum;

import static io.github.kvist.museum.Exhibit.of;

import java.util.List;

/** Defects of transactions, of the commit pipeline, of time and of watches. */
final class EngineHall {
    private EngineHall() {}

    static final List<Exhibit> EXHIBITS = List.of(
            of(
                    "readers see what is not durable yet",
                    "engine.Head",
                    "applied = next; return log.add(next.revision, next, durability);",
                    "applied = next; visible = next; return log.add(next.revision, next, durability);",
                    "engine.DurabilityTest#nothingIsVisibleBeforeItIsDurable"),
            of(
                    "a batch is visible before it is appended",
                    "wal.Wal",
                    "takeOff(batch);",
                    "takeOff(batch); S early = batch.last; if (early != null) { publish.accept(early); }",
                    "engine.DurabilityTest#nothingIsVisibleBeforeItIsDurable"),
            of(
                    "only the first commit of a shared frame becomes visible",
                    "wal.Batch",
                    "lastRevision = revision; last = state;",
                    "lastRevision = revision; if (last == null) { last = state; }",
                    "engine.DurabilityTest#commitsThatWaitShareOneFrame"),
            of(
                    "a shared frame is as durable as its weakest commit",
                    "wal.Batch",
                    "if (durability.compareTo(strongest) < 0) {",
                    "if (durability.compareTo(strongest) > 0) {",
                    "engine.DurabilityTest#aWeakCommitIsVisibleAtOnceAndReachesTheLogWithTheNextStrongOne"),
            of(
                    "a failed append is tried again",
                    "wal.Wal",
                    "storage.append( batch.firstRevision, batch.lastRevision, batch.writer.buffer(), Storage.HEAD_ROOM,"
                            + " batch.length, batch.strongest);",
                    "try { storage.append(batch.firstRevision, batch.lastRevision, batch.writer.buffer(),"
                            + " Storage.HEAD_ROOM, batch.length, batch.strongest); } catch (RuntimeException again) {"
                            + " storage.append(batch.firstRevision, batch.lastRevision, batch.writer.buffer(),"
                            + " Storage.HEAD_ROOM, batch.length, batch.strongest); }",
                    "engine.DurabilityTest#aFailedAppendPoisonsTheWriterAndReadsGoOn"),
            of(
                    "commits are taken after the log has failed",
                    "wal.Wal",
                    "failure = cause; inFlight = null;",
                    "inFlight = null;",
                    "engine.DurabilityTest#aFailedAppendPoisonsTheWriterAndReadsGoOn"),
            of(
                    "commits that waited behind a failed append are acknowledged",
                    "wal.Wal",
                    "current.finish(cause);",
                    "current.finish(null);",
                    "engine.DurabilityTest#everyCommitBehindAFailedOneFailsToo"),
            of(
                    "an append that failed is acknowledged",
                    "wal.Wal",
                    "rollBack.run(); batch.finish(cause);",
                    "rollBack.run(); batch.finish(null);",
                    "engine.DurabilityTest#aFailedAppendPoisonsTheWriterAndReadsGoOn"),
            of(
                    "an interrupt of a waiting committer is swallowed",
                    "wal.Wal",
                    "if (interrupted) { me.interrupt(); }",
                    "",
                    "engine.DurabilityTest#anInterruptNeitherDisturbsACommitNorIsLost"),
            of(
                    "an interrupt of who waits for a checkpoint is swallowed",
                    "engine.Patience",
                    "if (interrupted) { Thread.currentThread().interrupt(); }",
                    "",
                    "engine.CheckpointingTest#aCheckpointGoesOnWhenItsCallerIsInterrupted"),
            of(
                    "closing does not wait for what was committed",
                    "engine.Head",
                    "try { flush(); } finally {",
                    "try { lock.isLocked(); } finally {",
                    "engine.DurabilityTest#closingKeepsWhatNobodyWaitedFor"),
            of(
                    "a key that was read is not recorded",
                    "engine.EngineBranch",
                    "if (recordsReads()) { reads.key(number, key); } return present(number, key);",
                    "return present(number, key);",
                    "engine.IsolationTest#writeSkewIsAConflictWhenSerializable"),
            of(
                    "a range that was read is not recorded",
                    "engine.EngineBranch",
                    "reads.scan(number, scan);",
                    "",
                    "engine.IsolationTest#aPhantomInAScannedRangeIsAConflict"),
            of(
                    "a range that was counted is not recorded",
                    "engine.EngineBranch",
                    "if (recordsReads()) { reads.span(number, from, to); } return EngineView.count(",
                    "return EngineView.count(",
                    "engine.IsolationTest#aCountIsARead"),
            of(
                    "the end of a scan that came to its end is not recorded",
                    "engine.RecordedScan",
                    "if (ended) { return whole(); }",
                    "",
                    "engine.IsolationTest#aPhantomInAScannedRangeIsAConflict"),
            of(
                    "whether a deleted key was there is not recorded",
                    "engine.EngineBranch",
                    "if (recordsReads()) { reads.key(number, key); } if (present) {",
                    "if (present) {",
                    "engine.IsolationTest#whetherADeletionFoundSomethingIsARead"),
            of(
                    "the range of a deleteRange is not recorded",
                    "engine.EngineBranch",
                    "int number = open(keyspace); reads.span(number, from, to); RadixTree tree",
                    "int number = open(keyspace); RadixTree tree",
                    "engine.IsolationTest#aRangeDeletionMissesNoEntryThatSomebodyAdds"),
            of(
                    "the last committer wins under snapshot isolation",
                    "engine.EngineBranch",
                    "reads.key(number, key); // first committer wins",
                    "",
                    "engine.IsolationTest#aLostUpdateIsAConflict"),
            of(
                    "what is read by a touch is not guarded",
                    "engine.EngineBranch",
                    "reads.key(number, key); Stored present = present(number, key);",
                    "Stored present = present(number, key);",
                    "engine.SweepTest#whoTouchesDependsOnTheValue"),
            of(
                    "ranges that are joined lose the second one",
                    "engine.ReadSet",
                    "joined.set(joined.size() - 1, last.through(next));",
                    "joined.set(joined.size() - 1, last);",
                    "engine.ReadSetTest#aChangeOfWhatWasReadIsAlwaysNoticed"),
            of(
                    "only one keyspace that was read is validated",
                    "engine.ReadSet",
                    "return keyspace; } } return -1;",
                    "return keyspace; } return -1; } return -1;",
                    "HeapStoreTest/Anomalies#phantomUnderAnIndex"),
            of(
                    "a transaction overwrites what others committed meanwhile",
                    "engine.Merge",
                    "if (draft.base().tree(keyspace) == head.tree(keyspace)) {",
                    "if (keyspace >= 0) {",
                    "engine.IsolationTest#transactionsOnOtherKeysAreMerged"),
            of(
                    "half of a transaction is committed",
                    "engine.Merge",
                    "for (int keyspace = 0; keyspace < draft.size(); keyspace++) { if (draft.touched(keyspace) == null) {",
                    "for (int keyspace = 0; keyspace < draft.size() - 1; keyspace++) { if (draft.touched(keyspace) == null) {",
                    "engine.IsolationTest#transactionsOnOtherKeysAreMerged"),
            of(
                    "a rolled back write stays in the log",
                    "engine.EngineBranch",
                    "operations.rollbackTo(ours.operations());",
                    "",
                    "engine.SavepointTest#writesAfterItAreUndoneAndThoseBeforeItStay"),
            of(
                    "a commit in one call does not look at its conditions",
                    "engine.DirectCommit",
                    "if (!condition.holds(EngineView.stored(tree.get(condition.key()), instant))) {",
                    "if (tree.count() < 0) {",
                    "engine.CommitInOneCallTest#aConditionThatDoesNotHoldStopsAllOfIt"),
            of(
                    "a transaction that began before a restore is committed after it",
                    "engine.Committer",
                    "replacedAt = next.revision;",
                    "",
                    "HeapStoreTest/Images#transactionsUnderWayConflictWithARestore"),
            of(
                    "a turn is not given back after an Error in a closure",
                    "engine.Attempts",
                    "} finally { if (alone) { committer.endTurn(); } }",
                    "} catch (Error broken) { alone = false; throw broken; } finally { if (alone) { committer.endTurn(); } }",
                    "engine.ProgressTest#anErrorInATurnGivesItBack"),
            of(
                    "a clock that goes back brings back what was gone",
                    "engine.Instants",
                    "before = latest.get(); } return before;",
                    "before = latest.get(); } return read;",
                    "HeapStoreTest/Expiring#aClockThatGoesBackResurrectsNothing"),
            of(
                    "after reopening, a clock that went back brings back what was gone",
                    "engine.LogReplay",
                    "millis = Math.max(millis, reader.millis());",
                    "",
                    "engine.SweepTest#afterACrashTimeIsNotBeforeThatOfTheLastCommit"),
            of(
                    "a sweep is not written to the log",
                    "engine.Sweep",
                    "writer.expire(keyspace, instant);",
                    "",
                    "engine.SweepTest#theCommitIsMarkedAsASweepAlsoInTheLog"),
            of(
                    "a sweep removes what was prolonged meanwhile",
                    "engine.Sweep",
                    "if (fresh == null || fresh.deadline() <= instant) {",
                    "if (fresh == null || old != null) {",
                    "engine.SweepTest#whatIsCommittedWhileItIsPreparedIsCarriedOver"),
            of(
                    "an entry is there at the very instant of its deadline",
                    "engine.EngineView",
                    "return entry == null || entry.deadline() <= instant",
                    "return entry == null || entry.deadline() < instant",
                    "HeapStoreTest/Expiring#anEntryIsGoneFromItsDeadlineOnToTheMillisecond"),
            of(
                    "watches are told before a commit is durable",
                    "engine.Dispatcher",
                    "Root visible = head.visibleOrNull(); if (visible == null || subscriptions == null) {",
                    "Root visible = revisions.newest(); if (visible == null || subscriptions == null) {",
                    "engine.DurabilityTest#aWatchIsToldNothingThatIsNotDurable"),
            of(
                    "events that a full buffer has no room for are dropped silently",
                    "engine.EngineFeed",
                    "lost = commit.revision; } else {",
                    "queue.size(); } else {",
                    "GapsTest#aBufferHoldsAsManyCommitsAsItSays"),
            of(
                    "commits that are no longer kept are skipped silently",
                    "engine.Dispatcher",
                    "subscriptions.lose(reached, next);",
                    "",
                    "engine.DispatcherTest#whoCannotBeToldAnyMoreIsToldThat"),
            of(
                    "a watch that becomes live is told again what it caught up with",
                    "engine.EngineFeed",
                    "if (commit.revision <= position) { return; // caught up with before it was live }",
                    "",
                    "engine.DispatcherTest#whoComesLaterIsToldOnlyWhatComesAfterwards"),
            of(
                    "a key may be longer than a page can hold",
                    "engine.StoreLimits",
                    "if (length > RadixTree.KEY_BYTES_MAX) {",
                    "if (length < 0) {",
                    "engine.StoreLimitsTest#aKeyOfTheLimitIsTakenAndOneByteMoreIsNot"),
            of(
                    "a difference leaves out what time took",
                    "engine.RootDiff",
                    "findDue(); if (",
                    "if (",
                    "HeapStoreTest/Diffs#eachSnapshotIsJudgedByItsOwnInstant"),
            of(
                    "the beginning of a commit that failed stays in the frame",
                    "wal.Wal",
                    "current.writer.truncate(current.length);",
                    "",
                    "engine.HeadTest#nothingIsLeftOfACommitForWhichMemoryRanOut"),
            of(
                    "commits pass the limit of memory together",
                    "engine.MemoryLimit",
                    "if (maxBytes != NONE) { check(Footprint.of(before), Footprint.of(after)); }",
                    "",
                    "MaxBytesTest#transactionsThatPassTheLimitOnlyTogetherAreRefusedAtTheCommit"));
}
