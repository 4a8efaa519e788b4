// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.migrate;

import io.github.kvist.api.KvException;
import io.github.kvist.backend.Backend;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads chunks of the source, the next one while the last is written. Each is read after the one before, so it is of the same revision or
 * a later one. Confined to one thread at a time.
 */
final class ChunkReader implements AutoCloseable {

    private static final int ENTRIES_MIN = 16;
    private static final int READS_MAX = 100;
    private static final long END_SECONDS_MAX = 60;

    private final Backend source;
    private final ExecutorService ahead;
    private volatile int entries = Batch.OPERATIONS_MAX;
    private volatile boolean closed;
    private @Nullable Pending pending;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Pending(String keyspace, byte[] from, Future<Chunk> chunk) {
        boolean isOf(String name, byte[] start) {
            return keyspace.equals(name) && Arrays.equals(from, start);
        }
    }

    ChunkReader(Backend source) {
        this.source = source;
        this.ahead = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "kvist-read-ahead");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * The chunk that begins there, as of {@code revision} or later.
     *
     * @throws KvException as {@link Chunk#read}; of a stretch that is written to all the time after many attempts
     */
    Chunk read(String keyspace, byte[] from, long revision) throws InterruptedException {
        Pending expected = pending;
        pending = null;
        if (expected != null && expected.isOf(keyspace, from)) {
            Chunk chunk = taken(expected.chunk);
            if (chunk.revision() >= revision) {
                return chunk;
            }
        }
        return read(keyspace, from);
    }

    /** Begins to read what will be asked for next. */
    void expect(String keyspace, byte[] from) {
        pending = new Pending(keyspace, from, ahead.submit(() -> read(keyspace, from)));
    }

    private static Chunk taken(Future<Chunk> chunk) throws InterruptedException {
        try {
            return chunk.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof KvException cause) {
                throw cause;
            }
            throw new IllegalStateException("A chunk of the source could not be read.", failed.getCause());
        }
    }

    /** A stretch that holds still for so long; a shorter one if it does not. */
    private Chunk read(String keyspace, byte[] from) {
        for (int reads = 1; ; reads++) {
            try {
                Chunk chunk = Chunk.read(source, keyspace, from, entries);
                entries = Math.min(Batch.OPERATIONS_MAX, entries * 2);
                return chunk;
            } catch (KvException.Conflict moved) {
                if (reads == READS_MAX || closed) {
                    throw moved;
                }
                entries = Math.max(ENTRIES_MIN, entries / 2);
            }
        }
    }

    /** Returns when nothing of the source is being read any more. */
    @Override
    public void close() {
        closed = true;
        ahead.shutdown();
        boolean interrupted = false;
        try {
            if (!ahead.awaitTermination(END_SECONDS_MAX, TimeUnit.SECONDS)) {
                System.getLogger(ChunkReader.class.getName())
                        .log(System.Logger.Level.WARNING, "The source still reads a chunk that nobody waits for.");
            }
        } catch (InterruptedException later) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
