// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import java.util.Map;

/** A hash map of the JDK, keyed by a fresh wrapper of the bytes. */
final class HashContender implements Contender {
    private final Map<BytesKey, byte[]> map;

    HashContender(Map<BytesKey, byte[]> map) {
        this.map = map;
    }

    @Override
    public long get(byte[] key) {
        byte[] value = map.get(new BytesKey(key));
        return value == null ? ABSENT : Digest.of(value);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        map.put(new BytesKey(key), value);
    }

    @Override
    public boolean compareAndSet(byte[] key, byte[] value) {
        BytesKey wrapped = new BytesKey(key);
        byte[] old = map.get(wrapped);
        return old != null && map.replace(wrapped, old, value);
    }

    @Override
    public void load(Entries entries) {
        for (int i = 0; i < entries.size(); i++) {
            put(entries.key(i), entries.value(i));
        }
    }

    @Override
    public void close() {
        map.clear();
    }
}
