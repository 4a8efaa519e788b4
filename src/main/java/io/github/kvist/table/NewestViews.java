// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.backend.View;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A view of the newest commit for each read outside of transactions. */
final class NewestViews implements Views {

    private final TableStore store;
    private final IndexCompletion completion;
    /** Of a store that cannot write, whose newest commit stays the newest: indexes are completed once. */
    private final Map<KnownTable, View> completed = new ConcurrentHashMap<>();

    NewestViews(TableStore store, IndexCompletion completion) {
        this.store = store;
        this.completion = completion;
    }

    @Override
    public View acquire() {
        return store.newest();
    }

    @Override
    public View acquireIndexed(TableSpace<?, ?> space) {
        View view = store.newest();
        try {
            if (store.definitions().isReadable(space.known(), view)) {
                return view;
            }
            if (completion.buildDurably(space)) {
                view.close();
                view = store.newest();
                return view;
            }
            return store.isReadOnly() ? kept(view, space) : completion.completed(view, space);
        } catch (RuntimeException | Error failed) {
            view.close();
            throw failed;
        }
    }

    private View kept(View view, TableSpace<?, ?> space) {
        View[] made = new View[1];
        View kept = completed.computeIfAbsent(space.known(), table -> made[0] = completion.completed(view, space));
        if (kept != made[0]) {
            view.close();
        }
        return kept;
    }

    @Override
    public void release(View view) {
        if (!(view instanceof CompletedView) || !completed.containsValue(view)) {
            view.close();
        }
    }

    @Override
    public <R extends @Nullable Object> R together(Supplier<? extends R> reads) {
        return store.reads().run(reads);
    }

    void close() {
        completed.values().forEach(View::close);
        completed.clear();
    }

    @Override
    public void requireOpen() {
        store.requireOpen();
    }
}
