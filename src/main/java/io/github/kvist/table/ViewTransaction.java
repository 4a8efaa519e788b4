// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Snapshot;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableReader;
import io.github.kvist.backend.View;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One view for as long as its owner likes: a snapshot, or what the closure of a read sees.
 *
 * <p>An index that the view is too old for is completed beside it, for this view alone.
 */
final class ViewTransaction implements Snapshot, Views {

    private final TableStore store;
    private final View view;
    private final boolean isSnapshot;
    // Only of a snapshot.
    private final OpenSnapshots.@Nullable Holding holding;
    // Made when first needed, under the lock of the completion: most views need none.
    private volatile @Nullable Map<KnownTable, View> completed;
    private volatile boolean ended;

    ViewTransaction(TableStore store, View view, boolean isSnapshot) {
        this.store = store;
        this.view = view;
        this.isSnapshot = isSnapshot;
        this.holding = isSnapshot ? store.openSnapshots().opened(this, view.revision()) : null;
    }

    @Override
    public long revision() {
        requireOpen();
        return view.revision();
    }

    @Override
    public <K, V> TableReader<K, V> in(Table<K, V> table) {
        requireOpen();
        return new ViewTable<>(this, store.space(table));
    }

    /** The view of a snapshot that is open and of {@code owner}, to be compared with another of it. */
    static View viewOf(Snapshot snapshot, TableStore owner) {
        if (!(snapshot instanceof ViewTransaction transaction) || transaction.store != owner) {
            throw new IllegalArgumentException(
                    "The snapshot is of another store. Compare two snapshots of the store that is asked.");
        }
        transaction.requireOpen();
        return transaction.view;
    }

    @Override
    public KvStore fork() {
        requireOpen();
        return store.fork(view);
    }

    @Override
    public void writeTo(OutputStream out) {
        requireOpen();
        store.seams().images().write(view, Objects.requireNonNull(out, "out"), StoreAdmin.UNTOLD);
    }

    @Override
    public View acquire() {
        requireOpen();
        return view;
    }

    @Override
    public View acquireIndexed(TableSpace<?, ?> space) {
        requireOpen();
        if (store.definitions().isReadable(space.known(), view)) {
            return view;
        }
        if (!isSnapshot) {
            store.indexCompletion().buildDurably(space); // later views will find it
        }
        ReentrantLock lock = store.indexCompletion().lock();
        lock.lock();
        try {
            return complete(space);
        } finally {
            lock.unlock();
        }
    }

    private View complete(TableSpace<?, ?> space) {
        Map<KnownTable, View> present = completed;
        if (present == null) {
            present = new HashMap<>();
            completed = present;
        }
        View complete = present.get(space.known());
        if (complete == null) {
            requireOpen();
            complete = store.indexCompletion().completed(view, space);
            present.put(space.known(), complete);
        }
        if (ended) {
            // Closed meanwhile, perhaps too early to have seen what was made here.
            complete.close();
        }
        requireOpen();
        return complete;
    }

    @Override
    public void release(View acquired) {
        // Kept until the end.
    }

    @Override
    public void requireOpen() {
        if (ended) {
            if (isSnapshot) {
                throw new KvException.Closed("The snapshot was closed. Take another.");
            }
            throw new IllegalStateException(
                    "The read has ended with its closure. Read inside the closure, or take a snapshot.");
        }
        store.requireOpen();
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        ended = true;
        if (holding != null) {
            holding.close();
        }
        if (completed != null) {
            closeCompleted();
        }
        view.close();
    }

    private void closeCompleted() {
        ReentrantLock lock = store.indexCompletion().lock();
        lock.lock();
        try {
            Map<KnownTable, View> present = completed;
            if (present != null) {
                present.values().forEach(View::close); // and this view with each: a second time does nothing
                present.clear();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return (isSnapshot ? "Snapshot of revision " : "Read of revision ") + view.revision();
    }
}
