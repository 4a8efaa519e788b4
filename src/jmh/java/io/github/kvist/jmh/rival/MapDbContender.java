// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import java.nio.file.Path;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;

/** MapDB's B-tree: on the heap, without serialization, for memory; in a memory-mapped file with its log for the rest. */
final class MapDbContender extends SortedContender {
    private final DB db;
    private final Home home;

    private MapDbContender(DB db, BTreeMap<byte[], byte[]> map, Home home) {
        super(map);
        this.db = db;
        this.home = home;
    }

    static MapDbContender open(Home home, Path directory) {
        DB db = maker(home, directory).make();
        BTreeMap<byte[], byte[]> map = db.treeMap("entries")
                .keySerializer(Serializer.BYTE_ARRAY)
                .valueSerializer(Serializer.BYTE_ARRAY)
                .createOrOpen();
        return new MapDbContender(db, map, home);
    }

    private static DBMaker.Maker maker(Home home, Path directory) {
        if (home == Home.MEMORY) {
            return DBMaker.heapDB();
        }
        DBMaker.Maker maker = DBMaker.fileDB(directory.resolve("mapdb").toFile())
                .fileMmapEnable()
                .fileMmapPreclearDisable()
                .transactionEnable();
        return home == Home.FILES ? maker.fileSyncDisable() : maker;
    }

    @Override
    public void put(byte[] key, byte[] value) {
        super.put(key, value);
        commit();
    }

    @Override
    public boolean compareAndSet(byte[] key, byte[] value) {
        boolean replaced = super.compareAndSet(key, value);
        commit();
        return replaced;
    }

    @Override
    public void load(Entries entries) {
        super.load(entries);
        commit();
    }

    private void commit() {
        if (home != Home.MEMORY) {
            db.commit();
        }
    }

    @Override
    public void close() {
        db.close();
    }
}
