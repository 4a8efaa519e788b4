// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Stored;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Walks through a map that nobody changes. */
final class ReferenceCursor implements EntryCursor {

    private final NavigableMap<byte[], Stored> ahead;
    private byte @Nullable [] position;
    private boolean inclusive;
    private Map.@Nullable Entry<byte[], Stored> entry;

    ReferenceCursor(NavigableMap<byte[], Stored> range, boolean reverse) {
        this.ahead = reverse ? range.descendingMap() : range;
    }

    @Override
    public boolean advance() {
        Map.Entry<byte[], Stored> next;
        if (position == null) {
            next = ahead.firstEntry();
        } else {
            next = inclusive ? ahead.ceilingEntry(position) : ahead.higherEntry(position);
        }
        if (next == null) {
            return false;
        }
        entry = next;
        position = next.getKey();
        inclusive = false;
        return true;
    }

    @Override
    public void seek(byte[] key) {
        if (position == null || compare(key, position) > 0) {
            position = key.clone();
            inclusive = true;
        }
    }

    @SuppressWarnings("unchecked")
    private int compare(byte[] a, byte[] b) {
        return ((Comparator<byte[]>) ahead.comparator()).compare(a, b);
    }

    private Map.Entry<byte[], Stored> entry() {
        return Objects.requireNonNull(entry, "advance() first");
    }

    @Override
    public byte[] key() {
        byte[] key = entry().getKey();
        return Arrays.copyOf(key, key.length);
    }

    @Override
    public byte[] array() {
        return entry().getValue().array();
    }

    @Override
    public int offset() {
        return entry().getValue().offset();
    }

    @Override
    public int length() {
        return entry().getValue().length();
    }

    @Override
    public long version() {
        return entry().getValue().version();
    }

    @Override
    public long deadline() {
        return entry().getValue().deadline();
    }

    @Override
    public void close() {
        // Nothing to let go of.
    }
}
