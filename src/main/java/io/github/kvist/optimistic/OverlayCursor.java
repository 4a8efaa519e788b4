// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.optimistic;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Stored;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A scan of a view with pending writes in between; where both have a key, the pending one counts. */
final class OverlayCursor implements EntryCursor {

    private final EntryCursor stored;
    private final List<Map.Entry<byte[], Pending>> pending;
    private final long instant;
    private final boolean reverse;

    private int next;
    /** The key at which {@link #stored} waits to be shown. */
    private byte @Nullable [] waiting;

    private boolean storedEnded;
    private byte @Nullable [] key;
    /** What stands under {@link #key}, if it is pending. */
    private @Nullable Stored own;

    /**
     * Goes through both in one direction.
     *
     * @param pending what was pending when the scan began, in its order
     * @param instant by which pending entries are due
     */
    OverlayCursor(EntryCursor stored, List<Map.Entry<byte[], Pending>> pending, long instant, boolean reverse) {
        this.stored = stored;
        this.pending = pending;
        this.instant = instant;
        this.reverse = reverse;
    }

    @Override
    public boolean advance() {
        key = null;
        while (true) {
            advanceStored();
            byte[] there = waiting;
            if (next == pending.size()) {
                waiting = null;
                own = null;
                key = there;
                return there != null;
            }
            byte[] here = pending.get(next).getKey();
            int order = there == null ? 1 : order(there, here);
            if (order < 0) {
                waiting = null;
                own = null;
                key = there;
                return true;
            }
            Stored visible = pending.get(next++).getValue().at(instant);
            if (order == 0) {
                waiting = null; // hidden
            }
            if (visible != null) {
                own = visible;
                key = here;
                return true;
            }
        }
    }

    private void advanceStored() {
        if (waiting == null && !storedEnded) {
            storedEnded = !stored.advance();
            waiting = storedEnded ? null : stored.key();
        }
    }

    @Override
    public void seek(byte[] target) {
        if (waiting == null || order(waiting, target) < 0) {
            waiting = null;
            stored.seek(target);
        }
        while (next < pending.size() && order(pending.get(next).getKey(), target) < 0) {
            next++;
        }
    }

    private int order(byte[] a, byte[] b) {
        return reverse ? Arrays.compareUnsigned(b, a) : Arrays.compareUnsigned(a, b);
    }

    @Override
    public byte[] key() {
        return Objects.requireNonNull(key, "an entry; advance() first").clone();
    }

    @Override
    public byte[] array() {
        return own == null ? stored.array() : own.array();
    }

    @Override
    public int offset() {
        return own == null ? stored.offset() : own.offset();
    }

    @Override
    public int length() {
        return own == null ? stored.length() : own.length();
    }

    @Override
    public long version() {
        return own == null ? stored.version() : own.version();
    }

    @Override
    public long deadline() {
        return own == null ? stored.deadline() : own.deadline();
    }

    @Override
    public void close() {
        stored.close();
    }
}
