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
    private final AtomicLong openViews;
    private volatile boolean closed;

    ReferenceView(ReferenceState state, AtomicLong openViews) {
        this.state = state;
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
    public long revision() {
        return state().revision();
    }

    @Override
    public @Nullable Stored get(Keyspace keyspace, byte[] key) {
        return state().get(keyspace, key);
    }

    @Override
    public EntryCursor scan(Keyspace keyspace, byte[] from, byte @Nullable [] to, boolean reverse) {
        return new ReferenceCursor(state().range(keyspace.name(), from, to), reverse);
    }

    @Override
    public long count(Keyspace keyspace, byte[] from, byte @Nullable [] to) {
        return state().range(keyspace.name(), from, to).size();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            openViews.decrementAndGet();
        }
    }
}
