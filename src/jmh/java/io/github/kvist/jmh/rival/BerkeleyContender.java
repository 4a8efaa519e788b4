// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import com.sleepycat.je.Cursor;
import com.sleepycat.je.CursorConfig;
import com.sleepycat.je.Database;
import com.sleepycat.je.DatabaseConfig;
import com.sleepycat.je.DatabaseEntry;
import com.sleepycat.je.Durability;
import com.sleepycat.je.Environment;
import com.sleepycat.je.EnvironmentConfig;
import com.sleepycat.je.LockMode;
import com.sleepycat.je.OperationStatus;
import com.sleepycat.je.Transaction;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Berkeley DB Java Edition with a cache that holds everything; its log in memory for memory. Its group commit is always on. */
final class BerkeleyContender implements Contender {
    private static final long CACHE_BYTES = 2L << 30;

    private final Environment environment;
    private final Database database;

    BerkeleyContender(Home home, Path directory) {
        EnvironmentConfig config = new EnvironmentConfig();
        config.setAllowCreate(true);
        config.setTransactional(true);
        // Its half a second is less than 64 threads of one benchmark may have to wait for each other.
        config.setLockTimeout(30, TimeUnit.SECONDS);
        config.setCacheSize(Math.min(CACHE_BYTES, Runtime.getRuntime().maxMemory() / 2));
        config.setDurability(home == Home.SYNCED ? Durability.COMMIT_SYNC : Durability.COMMIT_WRITE_NO_SYNC);
        if (home == Home.MEMORY) {
            config.setDurability(Durability.COMMIT_NO_SYNC);
            config.setConfigParam(EnvironmentConfig.LOG_MEM_ONLY, "true");
        }
        environment = new Environment(directory.toFile(), config);
        DatabaseConfig tableConfig = new DatabaseConfig();
        tableConfig.setAllowCreate(true);
        tableConfig.setTransactional(true);
        database = environment.openDatabase(null, "entries", tableConfig);
    }

    @Override
    public long get(byte[] key) {
        DatabaseEntry value = new DatabaseEntry();
        OperationStatus status = database.get(null, new DatabaseEntry(key), value, LockMode.DEFAULT);
        return status == OperationStatus.SUCCESS ? Digest.of(value.getData()) : ABSENT;
    }

    @Override
    public void put(byte[] key, byte[] value) {
        database.put(null, new DatabaseEntry(key), new DatabaseEntry(value));
    }

    @Override
    public boolean compareAndSet(byte[] key, byte[] value) {
        Transaction transaction = environment.beginTransaction(null, null);
        DatabaseEntry wrapped = new DatabaseEntry(key);
        if (database.get(transaction, wrapped, new DatabaseEntry(), LockMode.RMW) != OperationStatus.SUCCESS) {
            transaction.abort();
            return false;
        }
        database.put(transaction, wrapped, new DatabaseEntry(value));
        transaction.commit();
        return true;
    }

    @Override
    public void load(Entries entries) {
        Transaction transaction = environment.beginTransaction(null, null);
        for (int i = 0; i < entries.size(); i++) {
            database.put(transaction, new DatabaseEntry(entries.key(i)), new DatabaseEntry(entries.value(i)));
        }
        transaction.commit();
    }

    @Override
    public long scan(byte @Nullable [] from, int limit, Part part) {
        DatabaseEntry key = from == null ? new DatabaseEntry() : new DatabaseEntry(from);
        DatabaseEntry value = new DatabaseEntry();
        try (Cursor cursor = database.openCursor(null, CursorConfig.READ_COMMITTED)) {
            OperationStatus status = from == null
                    ? cursor.getFirst(key, value, LockMode.DEFAULT)
                    : cursor.getSearchKeyRange(key, value, LockMode.DEFAULT);
            long sum = 0;
            for (int left = limit; status == OperationStatus.SUCCESS && left > 0; left--) {
                if (part == Part.KEYS_AND_VALUES) {
                    sum = Digest.and(sum, Digest.of(key.getData()));
                }
                sum = Digest.and(sum, Digest.of(value.getData()));
                status = left > 1 ? cursor.getNext(key, value, LockMode.DEFAULT) : OperationStatus.NOTFOUND;
            }
            return sum;
        }
    }

    @Override
    public void close() {
        database.close();
        environment.close();
    }
}
