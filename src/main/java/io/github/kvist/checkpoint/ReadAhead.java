// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.backend.Storage.CheckpointSource;
import io.github.kvist.format.ImageBlock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Blocks in their order, read a little ahead by threads of their own.
 *
 * <p>Reading, checking and taking apart are worth two threads; putting the pages in order is the caller's. At most {@value #WINDOW}
 * blocks wait. The threads are private, so an interrupt of the caller reaches no channel, and it stays set. Once {@link #close} has
 * returned nobody touches the source any more.
 */
final class ReadAhead implements AutoCloseable {
    static final int WINDOW = 16;
    private static final int THREADS = 2;

    private final CheckpointSource source;
    private final List<ImageBlock> blocks;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final @Nullable Block[] ring = new @Nullable Block[WINDOW];
    private int claimed;
    private int taken;
    private int threads;
    private boolean closed;
    private @Nullable Throwable failure;

    private ReadAhead(CheckpointSource source, List<ImageBlock> blocks) {
        this.source = source;
        this.blocks = blocks;
    }

    static ReadAhead start(CheckpointSource source, List<ImageBlock> blocks) {
        ReadAhead ahead = new ReadAhead(source, blocks);
        try {
            for (int i = Math.min(THREADS, blocks.size()); i > 0; i--) {
                ahead.startThread();
            }
        } catch (Throwable e) {
            ahead.close();
            throw e;
        }
        return ahead;
    }

    private void startThread() {
        Thread thread = new Thread(new Reading(), "kvist-checkpoint-reader");
        thread.setDaemon(true);
        count(1);
        try {
            thread.start();
        } catch (Throwable e) {
            count(-1);
            throw e;
        }
    }

    /**
     * The next block; called once for each.
     *
     * @throws RuntimeException or any error: what reading a block threw
     */
    Block next() {
        lock.lock();
        try {
            int slot = taken % WINDOW;
            while (ring[slot] == null && failure == null) {
                changed.awaitUninterruptibly();
            }
            throwFailure();
            Block block = ring[slot];
            ring[slot] = null;
            taken++;
            changed.signalAll();
            return Objects.requireNonNull(block);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            while (threads > 0) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void throwFailure() {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    /** The number of a block that the calling thread shall read, or -1 if there is none left. */
    private int claim() {
        lock.lock();
        try {
            while (!closed && claimed < blocks.size() && claimed - taken >= WINDOW) {
                changed.awaitUninterruptibly();
            }
            return closed || claimed == blocks.size() ? -1 : claimed++;
        } finally {
            lock.unlock();
        }
    }

    private void put(int number, Block block) {
        lock.lock();
        try {
            ring[number % WINDOW] = block;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fail(Throwable e) {
        lock.lock();
        try {
            failure = failure == null ? e : failure;
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void count(int change) {
        lock.lock();
        try {
            threads += change;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What each of the threads does. */
    private final class Reading implements Runnable {
        private final BlockReader reader = new BlockReader(source, blocks);

        @Override
        public void run() {
            try {
                for (int i = claim(); i >= 0; i = claim()) {
                    put(i, reader.read(blocks.get(i)));
                }
            } catch (RuntimeException | Error e) {
                fail(e);
            } finally {
                count(-1);
            }
        }
    }
}
