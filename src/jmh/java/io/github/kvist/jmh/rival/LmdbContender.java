// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.GetOp;
import org.lmdbjava.Txn;

/**
 * LMDB through lmdbjava's fastest buffers. Values are read where they lie. A read transaction is opened once per thread and
 * renewed for each read, as the manual advises; in a view it stays open.
 */
final class LmdbContender implements Contender {
    private static final long MAP_BYTES = 8L << 30;
    private static final int KEY_BYTES_MAX = 511;

    private final Env<ByteBuffer> environment;
    private final Dbi<ByteBuffer> database;
    private final ThreadLocal<ByteBuffer> keys =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(KEY_BYTES_MAX));
    private final ThreadLocal<ByteBuffer> values = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(1 << 12));
    private final ThreadLocal<Txn<ByteBuffer>> readers = ThreadLocal.withInitial(this::idleReader);
    private final Queue<Txn<ByteBuffer>> idle = new ConcurrentLinkedQueue<>();
    private final Queue<Txn<ByteBuffer>> opened = new ConcurrentLinkedQueue<>();

    LmdbContender(Home home, Path directory) {
        environment = Env.create()
                .setMapSize(MAP_BYTES)
                .setMaxDbs(1)
                .setMaxReaders(256)
                .open(directory.toFile(), flags(home));
        database = environment.openDbi("entries", DbiFlags.MDB_CREATE);
    }

    private static EnvFlags[] flags(Home home) {
        return switch (home) {
            case MEMORY -> new EnvFlags[] {EnvFlags.MDB_NOTLS, EnvFlags.MDB_NOSYNC, EnvFlags.MDB_WRITEMAP};
            case FILES -> new EnvFlags[] {EnvFlags.MDB_NOTLS, EnvFlags.MDB_NOSYNC};
            case SYNCED -> new EnvFlags[] {EnvFlags.MDB_NOTLS};
        };
    }

    private Txn<ByteBuffer> idleReader() {
        Txn<ByteBuffer> reader = environment.txnRead();
        opened.add(reader);
        reader.reset();
        return reader;
    }

    private static ByteBuffer fill(ByteBuffer buffer, byte[] bytes) {
        return buffer.clear().put(bytes).flip();
    }

    @Override
    public long get(byte[] key) {
        Txn<ByteBuffer> reader = readers.get();
        reader.renew();
        try {
            return get(reader, key);
        } finally {
            reader.reset();
        }
    }

    private long get(Txn<ByteBuffer> transaction, byte[] key) {
        ByteBuffer value = database.get(transaction, fill(keys.get(), key));
        return value == null ? ABSENT : Digest.of(value);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        try (Txn<ByteBuffer> transaction = environment.txnWrite()) {
            database.put(transaction, fill(keys.get(), key), fill(values.get(), value));
            transaction.commit();
        }
    }

    @Override
    public boolean compareAndSet(byte[] key, byte[] value) {
        try (Txn<ByteBuffer> transaction = environment.txnWrite()) {
            ByteBuffer wrapped = fill(keys.get(), key);
            if (database.get(transaction, wrapped) == null) {
                return false;
            }
            database.put(transaction, wrapped, fill(values.get(), value));
            transaction.commit();
            return true;
        }
    }

    @Override
    public void load(Entries entries) {
        ByteBuffer key = keys.get();
        ByteBuffer value = values.get();
        try (Txn<ByteBuffer> transaction = environment.txnWrite();
                Cursor<ByteBuffer> cursor = database.openCursor(transaction)) {
            for (int i = 0; i < entries.size(); i++) {
                cursor.put(fill(key, entries.key(i)), fill(value, entries.value(i)));
            }
            cursor.close();
            transaction.commit();
        }
    }

    @Override
    public long scan(byte @Nullable [] from, int limit, Part part) {
        Txn<ByteBuffer> reader = readers.get();
        reader.renew();
        try (Cursor<ByteBuffer> cursor = database.openCursor(reader)) {
            boolean found = from == null ? cursor.first() : cursor.get(fill(keys.get(), from), GetOp.MDB_SET_RANGE);
            long sum = 0;
            for (int left = limit; found && left > 0; left--) {
                if (part == Part.KEYS_AND_VALUES) {
                    sum = Digest.and(sum, Digest.of(cursor.key()));
                }
                sum = Digest.and(sum, Digest.of(cursor.val()));
                found = left > 1 && cursor.next();
            }
            return sum;
        } finally {
            reader.reset();
        }
    }

    @Override
    public View view() {
        Txn<ByteBuffer> pooled = idle.poll();
        Txn<ByteBuffer> reader = pooled == null ? idleReader() : pooled;
        reader.renew();
        return new View() {
            @Override
            public long get(byte[] key) {
                return LmdbContender.this.get(reader, key);
            }

            @Override
            public void close() {
                reader.reset();
                idle.add(reader);
            }
        };
    }

    @Override
    public void close() {
        opened.forEach(Txn::close);
        environment.close();
    }
}
