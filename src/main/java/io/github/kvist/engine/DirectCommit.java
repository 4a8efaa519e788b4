// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Isolation;
import io.github.kvist.api.KvException;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Condition;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Range;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.Unchanged;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.wal.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that comes whole, in one call: nothing was read before, so its conditions are judged by the head itself and can
 * be overtaken by nobody. All methods are called under the lock of the commit pipeline.
 */
final class DirectCommit {

    private final Committer committer;
    private final Keyspaces keyspaces;
    private final Head head;
    private final Revisions revisions;

    DirectCommit(Committer committer, Keyspaces keyspaces, Revisions revisions, Head head) {
        this.revisions = revisions;
        this.committer = committer;
        this.keyspaces = keyspaces;
        this.head = head;
    }

    /**
     * Whether all conditions hold in the head.
     *
     * @throws KvException.Conflict if something changed that was to be unchanged
     */
    boolean holds(Commit commit, long instant) {
        if (commit.unchanged() != null) {
            requireUnchanged(commit.unchanged());
        }
        for (Condition condition : commit.conditions()) {
            RadixTree tree = head.applied().tree(keyspaces.numberOf(condition.keyspace()));
            if (!condition.holds(EngineView.stored(tree.get(condition.key()), instant))) {
                return false;
            }
        }
        return true;
    }

    private void requireUnchanged(Unchanged unchanged) {
        Root base = revisions.at(unchanged.since());
        ReadSet reads = new ReadSet();
        for (Range range : unchanged.ranges()) {
            reads.span(keyspaces.numberOf(range.keyspace()), range.from(), range.to());
        }
        if (base == null || reads.conflict(base, head.applied(), unchanged.instant()) >= 0) {
            head.tally().lost();
            throw new KvException.Conflict("What this transaction had read "
                    + (base == null ? "may have been" : "was") + " changed after revision " + unchanged.since()
                    + "; nothing was written. Run the transaction again.");
        }
    }

    /** Makes a new head of the operations; returns what to wait for. */
    @Nullable
    Batch<Root> apply(Commit commit, long instant) {
        List<? extends Operation> operations = commit.operations();
        if (operations.size() == 1 && isPlain(operations.get(0))) {
            Operation only = operations.get(0);
            int keyspace = keyspaces.numberOf(only.keyspace());
            // The first entry of a keyspace also changes the catalogue.
            if (head.applied().tree(keyspace).count() > 0) {
                return apply(keyspace, only, commit.durability(), instant);
            }
        }
        EngineBranch branch = new EngineBranch(
                committer, keyspaces, head.applied(), instant, Isolation.SNAPSHOT, commit.durability(), false);
        for (Operation operation : operations) {
            apply(branch, operation);
        }
        return branch.operations().length() == 0 ? head.pending() : committer.adopt(branch);
    }

    private static boolean isPlain(Operation operation) {
        return operation instanceof Operation.Put put
                ? put.version() == Operation.Put.ANY
                : operation instanceof Operation.Delete;
    }

    private static void apply(EngineBranch branch, Operation operation) {
        if (operation instanceof Operation.Touch touch) {
            branch.touch(touch.keyspace(), touch.key(), touch.deadline());
        } else if (!(operation instanceof Operation.Put put)) {
            branch.delete(operation.keyspace(), operation.key());
        } else if (put.version() == Operation.Put.ANY) {
            branch.put(put.keyspace(), put.key(), put.value(), put.deadline());
        } else {
            byte[] value = put.value().clone();
            branch.copy(put.keyspace(), put.key(), new Stored(value, 0, value.length, put.version(), put.deadline()));
        }
    }

    /** One operation, straight on the head: the common case, without a branch. */
    private @Nullable Batch<Root> apply(int keyspace, Operation operation, Durability durability, long instant) {
        Root before = head.applied();
        RadixTree tree = before.tree(keyspace);
        long version = committer.nextVersion();
        RadixTree changed = operation instanceof Operation.Put put
                ? tree.put(put.key(), put.value(), 0, put.value().length, version, put.deadline())
                : tree.delete(operation.key());
        if (changed == tree) {
            return head.pending();
        }
        RadixTree[] trees = before.copyOfTrees(keyspace + 1);
        trees[keyspace] = changed;
        // The key is the caller's, and noted only for a dispatcher, which then need not look for it.
        Root.Touched only =
                head.isFollowed() ? new Root.Touched(keyspace, operation.key().clone()) : null;
        Root next = before.next(instant, trees, only);
        long cost = Revisions.cost(
                operation.key().length + (operation instanceof Operation.Put put ? put.value().length : 0));
        if (!head.isLogged()) {
            return head.append(next, cost);
        }
        return head.log(next, cost, durability, writer -> {
            if (operation instanceof Operation.Put put) {
                writer.put(keyspace, put.key(), put.value(), 0, put.value().length, version, put.deadline());
            } else {
                writer.delete(keyspace, operation.key());
            }
        });
    }
}
