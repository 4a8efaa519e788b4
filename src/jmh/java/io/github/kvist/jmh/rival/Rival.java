// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Every store that is measured, and how to open it. */
public enum Rival {
    HASH_MAP((home, directory) -> new HashContender(new HashMap<>())),
    CONCURRENT_HASH_MAP((home, directory) -> new HashContender(new ConcurrentHashMap<>())),
    TREE_MAP((home, directory) -> new SortedContender(new TreeMap<>(Arrays::compareUnsigned))),
    SKIP_LIST_MAP((home, directory) -> new SortedContender(new ConcurrentSkipListMap<>(Arrays::compareUnsigned))),
    MVSTORE(MvStoreContender::new),
    MAPDB(MapDbContender::open),
    XODUS(XodusContender::new),
    LMDB(LmdbContender::new),
    ROCKSDB(RocksContender::new),
    BERKELEY_DB(BerkeleyContender::new),
    SQLITE(SqliteContender::new),
    BARE_LOG((home, directory) -> new BareLog(directory));

    private final Opener opener;

    Rival(Opener opener) {
        this.opener = opener;
    }

    private interface Opener {
        Contender open(Home home, Path directory) throws Exception;
    }

    /** Opens what {@code directory}, which exists, holds; an empty one is a new store. */
    public Contender open(Home home, Path directory) throws Exception {
        return opener.open(home, directory);
    }

    /** Whether the store keeps its entries in order. */
    public boolean isOrdered() {
        return this != HASH_MAP && this != CONCURRENT_HASH_MAP && this != BARE_LOG;
    }

    /** Whether the store, asked for memory, keeps its entries on the heap and nothing else there. */
    public boolean isOnHeap() {
        return switch (this) {
            case XODUS, LMDB, ROCKSDB, BERKELEY_DB, SQLITE, BARE_LOG -> false;
            default -> true;
        };
    }

    /** Whether a store can be read as it was before later commits. */
    public boolean hasViews() {
        return switch (this) {
            case MVSTORE, XODUS, LMDB, ROCKSDB -> true;
            default -> false;
        };
    }
}
