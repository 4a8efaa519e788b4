// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A view of one state. */
final class ReferenceView implements View {

    private final ReferenceState state;
    private final long instant;
    private final AtomicLong openViews;
    private volatile boolean closed;

    ReferenceView(ReferenceState state, long instant, AtomicLong openViews) {
        this.state = state;
        this.instant = instant;
        this.openViews = openViews;
        openViews.incrementAndGet();
    }

    ReferenceState state() {
        if (closed) {
            throw new KvException.Closed("The view was closed.");
        }
        return state;
    }

    @Override
    public long instant() {
        return instant;
    }

    @Override
    public long revision() {
        return state().revision();
    }

    @Override
    public @Nullable Stored get(Keyspace keyspace, byte[] key) {
        return state().get(keyspace, key, instant);
    }

    @Override
    public EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
        return new ReferenceCursor(state().range(keyspace.name(), from, to, instant), reverse);
    }

    @Override
    public long count(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        return state().range(keyspace.name(), from, to, instant).size();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            openViews.decrementAndGet();
        }
    }
}
