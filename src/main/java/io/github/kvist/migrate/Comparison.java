// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.View;
import io.github.kvist.table.Fence;
import io.github.kvist.table.StoredKeyspaces;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Compares a stretch of the source with the same stretch of the target: by a digest of each, and entry by entry only where those
 * differ. What is due on either side is left out on both, since their clocks need not be the same.
 */
final class Comparison {

    private final Chunk chunk;
    private final View there;
    private final Keyspace keyspace;
    private final long instant;

    /** Their versions belong to the store that they are in, and a fence marks them. */
    private final boolean isOfDefinitions;

    /** Of a stretch with what {@code there} shows of the target. */
    Comparison(Chunk chunk, View there, Keyspace keyspace) {
        this.chunk = chunk;
        this.there = there;
        this.keyspace = keyspace;
        this.instant = Math.max(chunk.instant(), there.instant());
        this.isOfDefinitions = chunk.keyspace().equals(StoredKeyspaces.DEFINITIONS);
    }

    boolean isSame() {
        RangeDigest here = new RangeDigest();
        for (Chunk.Item item : chunk.items()) {
            if (item.deadline() > instant) {
                add(here, item.key(), item.value(), 0, item.value().length, item.version(), item.deadline());
            }
        }
        RangeDigest other = new RangeDigest();
        try (EntryCursor entries = entries()) {
            while (entries.advance()) {
                if (entries.deadline() > instant) {
                    int end = entries.offset() + entries.length();
                    add(
                            other,
                            entries.key(),
                            entries.array(),
                            entries.offset(),
                            end,
                            entries.version(),
                            entries.deadline());
                }
            }
        }
        return here.entries() == other.entries() && Arrays.equals(here.value(), other.value());
    }

    private void add(RangeDigest digest, byte[] key, byte[] array, int from, int to, long version, long deadline) {
        if (isOfDefinitions) {
            byte[] plain = Fence.plain(array, from, to);
            digest.add(key, plain, 0, plain.length, 0, deadline);
        } else {
            digest.add(key, array, from, to - from, version, deadline);
        }
    }

    private EntryCursor entries() {
        return there.scan(keyspace, chunk.from(), chunk.to(), false);
    }

    /**
     * Adds what makes the target like the source.
     *
     * @return whether that was all; false if the batch is full
     */
    boolean repair(Batch batch) {
        int next = 0;
        try (EntryCursor entries = entries()) {
            while (entries.advance()) {
                byte[] key = entries.key();
                next = repairBefore(key, next, batch);
                Chunk.@Nullable Item item =
                        next < chunk.items().size() ? chunk.items().get(next) : null;
                if (item != null && Arrays.equals(item.key(), key)) {
                    next++;
                    if (!isSame(item, entries)) {
                        put(item, batch);
                    }
                } else if (entries.deadline() > instant) {
                    batch.delete(chunk.keyspace(), key);
                }
                if (batch.isFull()) {
                    return false;
                }
            }
        }
        repairBefore(null, next, batch);
        return true;
    }

    /** Adds what the target lacks below a key that it has; {@code null}: up to the end. */
    private int repairBefore(byte @Nullable [] key, int from, Batch batch) {
        int next = from;
        while (next < chunk.items().size()
                && (key == null
                        || Arrays.compareUnsigned(chunk.items().get(next).key(), key) < 0)) {
            put(chunk.items().get(next++), batch);
        }
        return next;
    }

    private void put(Chunk.Item item, Batch batch) {
        if (item.deadline() > instant) {
            batch.put(chunk.keyspace(), item);
        }
    }

    private boolean isSame(Chunk.Item item, EntryCursor other) {
        int end = other.offset() + other.length();
        byte[] value = item.value();
        if (isOfDefinitions) {
            return Arrays.equals(Fence.plain(value, 0, value.length), Fence.plain(other.array(), other.offset(), end));
        }
        return item.version() == other.version()
                && item.deadline() == other.deadline()
                && Arrays.equals(value, 0, value.length, other.array(), other.offset(), end);
    }
}
