// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.redis;

import io.github.kvist.backend.Range;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a view has shown: keys one by one, and stretches of keys. Confined to one thread at a time. */
final class ReadRanges {

    private final Map<String, Set<ByteBuffer>> keys = new HashMap<>();
    private final Map<String, List<Stretch>> stretches = new HashMap<>();

    /** Keys without a hole, which become more as a scan goes on. */
    static final class Stretch {
        private Range range;

        Stretch(Range start) {
            range = start;
        }

        /** Goes on with what follows it, or, if {@code down}, with what it follows. */
        void grow(byte[] from, byte @Nullable [] to, boolean down) {
            range = down
                    ? new Range(range.keyspace(), from, range.to())
                    : new Range(range.keyspace(), range.from(), to);
        }
    }

    void key(RedisKeyspace keyspace, byte[] key) {
        keys.computeIfAbsent(keyspace.name(), unseen -> new HashSet<>()).add(ByteBuffer.wrap(key.clone()));
    }

    Stretch stretch(RedisKeyspace keyspace, byte[] from, byte @Nullable [] to) {
        Stretch stretch = new Stretch(new Range(keyspace, from, to));
        stretches.computeIfAbsent(keyspace.name(), unseen -> new ArrayList<>()).add(stretch);
        return stretch;
    }

    /**
     * Whether a commit changed something of it.
     *
     * @param instant the removal of what was due by then is no change
     */
    boolean isTouchedBy(byte[] changedKeys, long instant) {
        ChangedKeys changed = new ChangedKeys(changedKeys);
        while (changed.advance()) {
            boolean wasGone = changed.isExpired() && changed.deadline() <= instant;
            if (!wasGone && wasRead(changed.keyspace(), changed.key())) {
                return true;
            }
        }
        return false;
    }

    private boolean wasRead(String keyspace, byte[] key) {
        return keys.getOrDefault(keyspace, Set.of()).contains(ByteBuffer.wrap(key))
                || stretches.getOrDefault(keyspace, List.of()).stream().anyMatch(stretch -> stretch.range.spans(key));
    }
}
