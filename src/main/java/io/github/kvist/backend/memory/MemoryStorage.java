// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.memory;

import io.github.kvist.api.Durability;
import io.github.kvist.api.Finding;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Recovery;
import io.github.kvist.api.RecoveryReport;
import io.github.kvist.backend.Storage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps nothing: what the engine holds is all there is, and it goes with the process. Safe for any number of threads. */
public final class MemoryStorage implements Storage {

    @Override
    public boolean keeps() {
        return false;
    }

    @Override
    public String description() {
        return "memory:";
    }

    /**
     * {@inheritDoc}
     *
     * @throws KvException.Unsupported if it is to be read-only: it would stay empty for ever
     */
    @Override
    public void open(Recovery recovery, boolean readOnly) {
        if (readOnly) {
            throw new KvException.Unsupported(
                    "A store in memory starts empty, so that there is nothing to open read-only; open a directory, or leave readOnly out.");
        }
    }

    @Override
    public @Nullable CheckpointSource checkpoint() {
        return null;
    }

    @Override
    public void replay(long afterRevision, FrameVisitor visitor) {}

    @Override
    public RecoveryReport recovery() {
        return RecoveryReport.nothing();
    }

    @Override
    public void append(
            long firstRevision, long lastRevision, byte[] frame, int offset, int length, Durability durability) {}

    @Override
    public long logBytes() {
        return 0;
    }

    @Override
    public Occupancy occupancy() {
        return new Occupancy(0, 0, 0);
    }

    /** {@inheritDoc} Always fails: ask {@link #keeps} first. */
    @Override
    public CheckpointSink newCheckpoint(long revision) {
        throw new IllegalStateException("A store in memory keeps no checkpoints.");
    }

    @Override
    public void cut(long throughRevision) {}

    @Override
    public List<Finding> verify() {
        return List.of();
    }

    @Override
    public void close() {}
}
