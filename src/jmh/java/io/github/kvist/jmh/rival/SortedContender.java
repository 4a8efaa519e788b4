// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** A sorted map of bytes in unsigned order: the JDK's two, and MapDB's tree on the heap. */
class SortedContender implements Contender {
    private final NavigableMap<byte[], byte[]> map;

    SortedContender(NavigableMap<byte[], byte[]> map) {
        this.map = map;
    }

    @Override
    public long get(byte[] key) {
        byte[] value = map.get(key);
        return value == null ? ABSENT : Digest.of(value);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        map.put(key, value);
    }

    @Override
    public boolean compareAndSet(byte[] key, byte[] value) {
        byte[] old = map.get(key);
        return old != null && map.replace(key, old, value);
    }

    @Override
    public void load(Entries entries) {
        for (int i = 0; i < entries.size(); i++) {
            map.put(entries.key(i), entries.value(i));
        }
    }

    @Override
    public long scan(byte @Nullable [] from, int limit, Part part) {
        NavigableMap<byte[], byte[]> range = from == null ? map : map.tailMap(from, true);
        long sum = 0;
        int left = limit;
        for (Map.Entry<byte[], byte[]> entry : range.entrySet()) {
            if (left-- == 0) {
                break;
            }
            if (part == Part.KEYS_AND_VALUES) {
                sum = Digest.and(sum, Digest.of(entry.getKey()));
            }
            sum = Digest.and(sum, Digest.of(entry.getValue()));
        }
        return sum;
    }

    @Override
    public void close() {
        map.clear();
    }
}
