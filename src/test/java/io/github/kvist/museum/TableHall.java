// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.museum;

import static io.github.kvist.museum.Exhibit.of;

import java.util.List;

/** Defects of typed tables: indexes that no longer fit their records, and what user code can do to a store. */
final class TableHall {
    private TableHall() {}

    static final List<Exhibit> EXHIBITS = List.of(
            of(
                    "an update forgets the old entry of an index",
                    "table.IndexChange",
                    "removed.addAll(before.subList(i, before.size()));",
                    "",
                    "HeapStoreTest/Indexes#changedRecordMovesInTheIndexAndADeletedOneLeavesIt"),
            of(
                    "a delete forgets the entries of its indexes",
                    "table.TransactionTable",
                    "for (IndexChange change : changes) { change.remove(branch); } branch.delete(",
                    "branch.delete(",
                    "HeapStoreTest/Indexes#changedRecordMovesInTheIndexAndADeletedOneLeavesIt"),
            of(
                    "the deadline of an index entry stays when its record is prolonged",
                    "table.TransactionTable",
                    "branch.touch(change.index().keyspace(), entry, deadline);",
                    "",
                    "HeapStoreTest/Expiring#touchChangesTheDeadlineAndNothingElse"),
            of(
                    "a unique index is not checked",
                    "table.IndexChange",
                    "if (branch.count(index.keyspace(), siblings.from(), siblings.to()) > 0) {",
                    "if (index.toString().isEmpty()) {",
                    "HeapStoreTest/Indexes#secondOwnerOfAUniqueKeyIsRefusedAndTheTransactionGoesOn"),
            of(
                    "two transactions at once may take one key of a unique index",
                    "table.IndexChange",
                    "branch.guardRange(index.keyspace(), siblings.from(), siblings.to()); if (branch.count",
                    "if (branch.count",
                    "HeapStoreTest/Indexes#twoConcurrentOwnersOfAUniqueKeyAreRefusedUnderEveryIsolation"),
            of(
                    "an index is not built again when its revision changes",
                    "table.IndexDefinition",
                    "index.kind(), index.revision());",
                    "index.kind(), 1);",
                    "HeapStoreTest/Definitions#revisedIndexIsBuiltAnew"),
            of(
                    "an index that is no longer defined keeps its entries",
                    "table.Definitions",
                    "branch.deleteRange(entries, Bounds.ALL.from(), null); } IndexBuild.build(",
                    "} IndexBuild.build(",
                    "HeapStoreTest/Definitions#indexThatIsNoLongerDefinedIsDroppedAtTheFirstWrite"),
            of(
                    "an operation that failed half way can be committed",
                    "table.BranchTransaction",
                    "Branch.Mark mark = branch.mark(); isHalfDone = true; try { writes.run(); } catch"
                            + " (RuntimeException | Error failed) { branch.rollbackTo(mark); isHalfDone = false; throw failed; }",
                    "Branch.Mark mark = branch.mark(); isHalfDone = true; try { writes.run(); } catch"
                            + " (RuntimeException | Error failed) { isHalfDone = false; throw failed; }",
                    "HeapStoreTest/Indexes#putAllThatIsRefusedLeavesNothingInATransactionThatGoesOn"),
            of(
                    "after an Error in a closure its thread cannot write any more",
                    "table.TableStore",
                    "} finally { writing.end(); }",
                    "} catch (RuntimeException failed) { writing.end(); throw failed; } writing.end();",
                    "HeapStoreTest/Errors#checkedExceptionsAreFailuresAndErrorsPassThrough"),
            of(
                    "a snapshot reads the newest commit",
                    "table.ViewTransaction",
                    "requireOpen(); return view; }",
                    "requireOpen(); return store.newest(); }",
                    "HeapStoreTest/Transactions#snapshotDoesNotSeeLaterWrites"),
            of(
                    "a merge overwrites what was changed meanwhile",
                    "table.ForkMerge",
                    "if (table.isRedefinedHere() || !isSame(present, alive(change.before()))) {",
                    "if (table.isRedefinedHere() || present != null && present == change.before()) {",
                    "HeapStoreTest/Merges#keyChangedOnBothSidesIsAConflictThatAppliesNothingAndIsListed"),
            of(
                    "a merge gives one unique key to two records",
                    "table.ForkMerge",
                    "unique.forEach(this::requireUnique);",
                    "",
                    "HeapStoreTest/Merges#uniqueIndexHoldsAfterAMerge"),
            of(
                    "a backup gets its name before its content is synced",
                    "table.BackupFile",
                    "file.sync();",
                    "",
                    "BackupCrashTest#powerCutLeavesAllOfABackupOrNothing"),
            of(
                    "the name of a backup is not made durable",
                    "table.BackupFile",
                    "files.syncDirectory();",
                    "files.description();",
                    "BackupCrashTest#powerCutLeavesAllOfABackupOrNothing"));
}
