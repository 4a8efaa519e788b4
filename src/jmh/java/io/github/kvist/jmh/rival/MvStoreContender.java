// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import java.nio.file.Path;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.jspecify.annotations.Nullable;

/** H2's MVStore. In memory a put is a commit by itself; with files {@code commit} writes it and {@code sync} forces it. */
final class MvStoreContender implements Contender {
    private final MVStore store;
    private final MVMap<byte[], byte[]> map;
    private final Home home;

    MvStoreContender(Home home, Path directory) {
        this.home = home;
        MVStore.Builder builder = new MVStore.Builder().autoCommitDisabled();
        if (home != Home.MEMORY) {
            builder.fileName(directory.resolve("mvstore").toString());
        }
        store = builder.open();
        map = store.openMap(
                "entries",
                new MVMap.Builder<byte[], byte[]>()
                        .keyType(ByteArrayDataType.INSTANCE)
                        .valueType(ByteArrayDataType.INSTANCE));
    }

    @Override
    public long get(byte[] key) {
        return digest(map.get(key));
    }

    private static long digest(byte @Nullable [] value) {
        return value == null ? ABSENT : Digest.of(value);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        map.put(key, value);
        commit();
    }

    private void commit() {
        if (home != Home.MEMORY) {
            store.commit();
        }
        if (home == Home.SYNCED) {
            store.sync();
        }
    }

    @Override
    public boolean compareAndSet(byte[] key, byte[] value) {
        byte[] old = map.get(key);
        boolean replaced = old != null && map.replace(key, old, value);
        commit();
        return replaced;
    }

    @Override
    public void load(Entries entries) {
        for (int i = 0; i < entries.size(); i++) {
            map.put(entries.key(i), entries.value(i));
        }
        commit();
    }

    @Override
    public long scan(byte @Nullable [] from, int limit, Part part) {
        Cursor<byte[], byte[]> cursor = map.cursor(from);
        long sum = 0;
        for (int left = limit; left > 0 && cursor.hasNext(); left--) {
            byte[] key = cursor.next();
            if (part == Part.KEYS_AND_VALUES) {
                sum = Digest.and(sum, Digest.of(key));
            }
            sum = Digest.and(sum, Digest.of(cursor.getValue()));
        }
        return sum;
    }

    /** Without registering the version as in use, which would only cost MVStore time. */
    @Override
    public View view() {
        MVMap<byte[], byte[]> version = map.openVersion(store.getCurrentVersion());
        return new View() {
            @Override
            public long get(byte[] key) {
                return digest(version.get(key));
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {
        store.close();
    }
}
