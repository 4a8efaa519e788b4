// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Every store that is measured, and how to open it. */
public enum Rival {
    /** The memory backend, values as byte arrays; the file backend where files are asked for. */
    KVIST((home, directory) -> KvistContender.bytes(KvistContender.store(home, directory))),
    /** The same with values as slices. */
    KVIST_SLICES((home, directory) -> KvistContender.slices(KvistContender.store(home, directory))),
    /** The file backend, values as byte arrays. */
    KVIST_FILE((home, directory) -> KvistContender.bytes(KvistContender.fileStore(home, directory))),
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

    /**
     * Stores that the same code serves, and that an application may use side by side: all of them are put to use before one is
     * measured, so that no call is compiled for one of them alone.
     */
    public List<Rival> kin() {
        return switch (this) {
            case KVIST, KVIST_SLICES, KVIST_FILE -> List.of(KVIST, KVIST_SLICES, KVIST_FILE);
            default -> List.of(this);
        };
    }

    /** Whether the store keeps its entries in order. */
    public boolean isOrdered() {
        return this != HASH_MAP && this != CONCURRENT_HASH_MAP && this != BARE_LOG;
    }

    /** Whether the store, asked for memory, keeps its entries on the heap and nothing else there. */
    public boolean isOnHeap() {
        return switch (this) {
            case KVIST_FILE, XODUS, LMDB, ROCKSDB, BERKELEY_DB, SQLITE, BARE_LOG -> false;
            default -> true;
        };
    }

    /** Whether a store can be read as it was before later commits. */
    public boolean hasViews() {
        return switch (this) {
            case KVIST, KVIST_SLICES, KVIST_FILE, MVSTORE, XODUS, LMDB, ROCKSDB -> true;
            default -> false;
        };
    }
}
