// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import java.nio.file.Path;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import jetbrains.exodus.env.Transaction;
import org.jspecify.annotations.Nullable;

/** Xodus, as a B+ tree without duplicates; its own in-memory log for memory, without the log's garbage collector. */
final class XodusContender implements Contender {
    private static final String IN_MEMORY = "jetbrains.exodus.io.inMemory.MemoryDataReaderWriterProvider";

    private final Environment environment;
    private final Store store;

    XodusContender(Home home, Path directory) {
        EnvironmentConfig config =
                new EnvironmentConfig().setEnvGatherStatistics(false).setLogDurableWrite(home == Home.SYNCED);
        if (home == Home.MEMORY) {
            config.setLogDataReaderWriterProvider(IN_MEMORY).setGcEnabled(false);
        }
        environment = Environments.newInstance(directory.toFile(), config);
        store = environment.computeInTransaction(
                transaction -> environment.openStore("entries", StoreConfig.WITHOUT_DUPLICATES, transaction));
    }

    @Override
    public long get(byte[] key) {
        Transaction transaction = environment.beginReadonlyTransaction();
        try {
            return digest(store.get(transaction, new ArrayByteIterable(key)));
        } finally {
            transaction.abort();
        }
    }

    private static long digest(@Nullable ByteIterable value) {
        return value == null ? ABSENT : Digest.of(value.getBytesUnsafe(), value.getLength());
    }

    @Override
    public void put(byte[] key, byte[] value) {
        environment.executeInTransaction(
                transaction -> store.put(transaction, new ArrayByteIterable(key), new ArrayByteIterable(value)));
    }

    @Override
    public boolean compareAndSet(byte[] key, byte[] value) {
        Transaction transaction = environment.beginTransaction();
        try {
            ByteIterable wrapped = new ArrayByteIterable(key);
            if (store.get(transaction, wrapped) == null) {
                return false;
            }
            store.put(transaction, wrapped, new ArrayByteIterable(value));
            return transaction.commit();
        } finally {
            if (!transaction.isFinished()) {
                transaction.abort();
            }
        }
    }

    @Override
    public void load(Entries entries) {
        environment.executeInTransaction(transaction -> {
            for (int i = 0; i < entries.size(); i++) {
                store.put(transaction, new ArrayByteIterable(entries.key(i)), new ArrayByteIterable(entries.value(i)));
            }
        });
    }

    @Override
    public long scan(byte @Nullable [] from, int limit, Part part) {
        Transaction transaction = environment.beginReadonlyTransaction();
        try (Cursor cursor = store.openCursor(transaction)) {
            boolean found =
                    from == null ? cursor.getNext() : cursor.getSearchKeyRange(new ArrayByteIterable(from)) != null;
            long sum = 0;
            for (int left = limit; found && left > 0; left--) {
                if (part == Part.KEYS_AND_VALUES) {
                    sum = Digest.and(sum, digest(cursor.getKey()));
                }
                sum = Digest.and(sum, digest(cursor.getValue()));
                found = left > 1 && cursor.getNext();
            }
            return sum;
        } finally {
            transaction.abort();
        }
    }

    @Override
    public View view() {
        Transaction transaction = environment.beginReadonlyTransaction();
        return new View() {
            @Override
            public long get(byte[] key) {
                return digest(store.get(transaction, new ArrayByteIterable(key)));
            }

            @Override
            public void close() {
                transaction.abort();
            }
        };
    }

    @Override
    public void close() {
        environment.close();
    }
}
