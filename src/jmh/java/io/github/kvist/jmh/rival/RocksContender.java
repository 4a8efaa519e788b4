// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.OptimisticTransactionDB;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.Transaction;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB with all blocks cached, Bloom filters and no compression; without its log where no commit has to survive, and
 * compacted before it is read. Its group commit is always on.
 */
final class RocksContender implements Contender {
    private static final long CACHE_BYTES = 1L << 30;
    private static final int BLOOM_BITS = 10;
    private static final int VALUE_BYTES_MAX = 1 << 12;

    static {
        RocksDB.loadLibrary();
    }

    private final LRUCache cache = new LRUCache(CACHE_BYTES);
    private final BloomFilter bloom = new BloomFilter(BLOOM_BITS);
    private final Options options = new Options();
    private final ReadOptions reading = new ReadOptions();
    private final WriteOptions writing = new WriteOptions();
    private final OptimisticTransactionDB database;
    private final ThreadLocal<byte[]> keys = ThreadLocal.withInitial(() -> new byte[VALUE_BYTES_MAX]);
    private final ThreadLocal<byte[]> values = ThreadLocal.withInitial(() -> new byte[VALUE_BYTES_MAX]);

    RocksContender(Home home, Path directory) throws RocksDBException {
        options.setCreateIfMissing(true)
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(bloom));
        writing.setDisableWAL(home == Home.MEMORY).setSync(home == Home.SYNCED);
        database = OptimisticTransactionDB.open(options, directory.toString());
    }

    @Override
    public long get(byte[] key) throws RocksDBException {
        return get(reading, key);
    }

    private long get(ReadOptions how, byte[] key) throws RocksDBException {
        byte[] value = values.get();
        int length = database.get(how, key, value);
        return length == RocksDB.NOT_FOUND ? ABSENT : Digest.of(value, length);
    }

    @Override
    public void put(byte[] key, byte[] value) throws RocksDBException {
        database.put(writing, key, value);
    }

    @Override
    public boolean compareAndSet(byte[] key, byte[] value) throws RocksDBException {
        try (Transaction transaction = database.beginTransaction(writing)) {
            if (transaction.getForUpdate(reading, key, true) == null) {
                return false;
            }
            transaction.put(key, value);
            transaction.commit();
            return true;
        }
    }

    @Override
    public void load(Entries entries) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            for (int i = 0; i < entries.size(); i++) {
                batch.put(entries.key(i), entries.value(i));
            }
            database.write(writing, batch);
        }
    }

    @Override
    public long scan(byte @Nullable [] from, int limit, Part part) {
        byte[] key = keys.get();
        byte[] value = values.get();
        try (RocksIterator iterator = database.newIterator(reading)) {
            if (from == null) {
                iterator.seekToFirst();
            } else {
                iterator.seek(from);
            }
            long sum = 0;
            for (int left = limit; left > 0 && iterator.isValid(); left--) {
                if (part == Part.KEYS_AND_VALUES) {
                    sum = Digest.and(sum, Digest.of(key, iterator.key(key)));
                }
                sum = Digest.and(sum, Digest.of(value, iterator.value(value)));
                iterator.next();
            }
            return sum;
        }
    }

    @Override
    public View view() {
        Snapshot snapshot = database.getSnapshot();
        ReadOptions atSnapshot = new ReadOptions().setSnapshot(snapshot);
        return new View() {
            @Override
            public long get(byte[] key) throws RocksDBException {
                return RocksContender.this.get(atSnapshot, key);
            }

            @Override
            public void close() {
                atSnapshot.close();
                database.releaseSnapshot(snapshot);
            }
        };
    }

    @Override
    public void settle() throws RocksDBException {
        database.compactRange();
    }

    @Override
    public void close() {
        database.close();
        writing.close();
        reading.close();
        options.close();
        bloom.close();
        cache.close();
    }
}
