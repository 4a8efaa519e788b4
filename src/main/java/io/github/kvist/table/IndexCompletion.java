// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.TransactionOptions;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.Branching;
import io.github.kvist.backend.View;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gives a table the indexes that its definition has and the store, or an older view of it, has not: in the store where it can be
 * written to, else beside one view. Safe for any number of threads.
 */
final class IndexCompletion {

    private final TableStore store;
    private final Branching branching;
    private final Definitions definitions;
    private final TransactionOptions defaults;
    private final ReentrantLock lock = new ReentrantLock();

    IndexCompletion(TableStore store, Branching branching, Definitions definitions, TransactionOptions defaults) {
        this.store = store;
        this.branching = branching;
        this.definitions = definitions;
        this.defaults = defaults;
    }

    /** Held while indexes are completed for one view, which is rare. */
    ReentrantLock lock() {
        return lock;
    }

    /**
     * Builds what the newest commit lacks of the table's indexes, in a transaction of its own.
     *
     * @return false if this store, or this thread at this moment, cannot write
     */
    boolean buildDurably(TableSpace<?, ?> space) {
        if (store.isReadOnly() || Writing.isIn(store)) {
            return false;
        }
        SharedDefinitions shared = store.shared();
        if (shared != null) {
            shared.prepare(space, false);
            return true;
        }
        branching.<@Nullable Object>commit(defaults, branch -> {
            definitions.makeReadable(branch, space);
            return null;
        });
        return true;
    }

    /** A view of the same state as {@code view} in which the indexes of the table are complete; closing it closes both. */
    View completed(View view, TableSpace<?, ?> space) {
        Branch scratch = branching.scratch(view);
        try {
            definitions.makeReadable(scratch, space);
        } catch (RuntimeException | Error failed) {
            scratch.close();
            throw failed;
        }
        return new CompletedView(scratch, view);
    }
}
