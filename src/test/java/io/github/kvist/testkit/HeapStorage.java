// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Finding;
import io.github.kvist.api.Recovery;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.backend.Storage;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A durable home in the heap that a test can hold up and break: what {@link #afterCrash} keeps is what was synced.
 *
 * <p>{@link #hold} makes appends wait for {@link #letThrough}; {@link #failFrom} makes them fail.
 */
public final class HeapStorage implements Storage {

    private record Frame(long firstRevision, long lastRevision, byte[] payload) {}

    private final List<Frame> frames = new ArrayList<>();
    private final Semaphore gate = new Semaphore(0);
    private volatile boolean held;
    private volatile int failFrom = Integer.MAX_VALUE;
    private volatile boolean failCheckpoints;
    private int synced;
    private int appends;
    private boolean clean = true;
    private byte @Nullable [] checkpoint;
    private long checkpointRevision;

    /** Appends from now on wait until they are let through. */
    public void hold() {
        held = true;
    }

    /** Whether an append has come as far as waiting. */
    public boolean isWaiting() {
        return gate.hasQueuedThreads();
    }

    public void letThrough(int appends) {
        gate.release(appends);
    }

    /** Ends {@link #hold}. */
    public void letAllThrough() {
        held = false;
        gate.release(1_000_000);
    }

    /** The n-th append from the opening on, counted from 0, fails, and all after it. */
    public void failFrom(int append) {
        failFrom = append;
    }

    /** Checkpoints fail until said otherwise. */
    public void failCheckpoints(boolean fail) {
        failCheckpoints = fail;
    }

    /** Changes a bit in the middle of the checkpoint. */
    public synchronized void damageCheckpoint() {
        byte[] bytes = Objects.requireNonNull(checkpoint).clone();
        bytes[bytes.length / 2] ^= 1;
        checkpoint = bytes;
    }

    public synchronized int frames() {
        return frames.size();
    }

    public synchronized int appends() {
        return appends;
    }

    /** What a power cut now would leave. */
    public synchronized HeapStorage afterCrash() {
        HeapStorage left = new HeapStorage();
        left.frames.addAll(frames.subList(0, Math.min(synced, frames.size())));
        left.synced = left.frames.size();
        left.clean = false;
        left.checkpoint = checkpoint;
        left.checkpointRevision = checkpointRevision;
        return left;
    }

    @Override
    public boolean keeps() {
        return true;
    }

    @Override
    public String description() {
        return "heap storage";
    }

    @Override
    public void open(Recovery recovery, boolean readOnly) {
        appends = 0;
    }

    @Override
    public synchronized @Nullable CheckpointSource checkpoint() {
        byte[] bytes = checkpoint;
        return bytes == null ? null : new Source(checkpointRevision, bytes);
    }

    @Override
    public synchronized void replay(long afterRevision, FrameVisitor visitor) {
        for (Frame frame : frames) {
            if (frame.lastRevision > afterRevision) {
                visitor.frame(frame.firstRevision, frame.payload, 0, frame.payload.length, this::description);
            }
        }
    }

    @Override
    public RecoveryReport recovery() {
        return new RecoveryReport(clean, 0, frames.size(), 0, List.of());
    }

    @Override
    public void append(
            long firstRevision, long lastRevision, byte[] frame, int offset, int length, Durability durability) {
        if (held) {
            gate.acquireUninterruptibly();
        }
        synchronized (this) {
            if (appends++ >= failFrom) {
                throw new IllegalStateException("the disk says no");
            }
            frames.add(new Frame(firstRevision, lastRevision, Arrays.copyOfRange(frame, offset, offset + length)));
            if (durability == Durability.SYNC) {
                synced = frames.size();
            }
        }
    }

    @Override
    public synchronized long logBytes() {
        return frames.stream().mapToLong(frame -> frame.payload.length).sum();
    }

    @Override
    public synchronized Occupancy occupancy() {
        long saved = checkpoint == null ? 0 : checkpoint.length;
        return new Occupancy(logBytes() + saved, saved, 0);
    }

    @Override
    public CheckpointSink newCheckpoint(long revision) {
        return new Sink(revision);
    }

    @Override
    public synchronized void cut(long throughRevision) {
        int before = frames.size();
        frames.removeIf(frame -> frame.lastRevision <= throughRevision);
        synced = Math.max(0, synced - (before - frames.size()));
    }

    @Override
    public List<Finding> verify() {
        return List.of();
    }

    @Override
    public synchronized void close() {
        synced = frames.size();
        clean = true;
    }

    private record Source(long revision, byte[] bytes) implements CheckpointSource {
        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public String description() {
            return "heap checkpoint";
        }

        @Override
        public void read(long position, byte[] target, int offset, int length) {
            System.arraycopy(bytes, (int) position, target, offset, length);
        }

        @Override
        public void close() {
            // only heap
        }
    }

    private final class Sink implements CheckpointSink {
        private final long revision;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Sink(long revision) {
            this.revision = revision;
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            bytes.write(source, offset, length);
        }

        @Override
        public void complete() {
            if (failCheckpoints) {
                throw new IllegalStateException("the disk is full");
            }
            synchronized (HeapStorage.this) {
                checkpoint = bytes.toByteArray();
                checkpointRevision = revision;
            }
        }

        @Override
        public void close() {
            // only heap
        }
    }
}
