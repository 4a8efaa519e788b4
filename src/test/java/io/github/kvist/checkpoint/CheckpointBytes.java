// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.backend.Storage;
import java.io.ByteArrayOutputStream;

/** A checkpoint in memory: written like a file, read like a file, and open to damage. */
final class CheckpointBytes implements Storage.CheckpointSink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean completed;

    static byte[] of(Image image) {
        CheckpointBytes sink = new CheckpointBytes();
        CheckpointWriter.write(image, sink);
        return sink.bytes.toByteArray();
    }

    static Storage.CheckpointSource source(byte[] bytes, long revision) {
        return new Source(bytes, revision);
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    boolean isCompleted() {
        return completed;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        bytes.write(source, offset, length);
    }

    @Override
    public void complete() {
        completed = true;
    }

    @Override
    public void close() {}

    private record Source(byte[] bytes, long revision) implements Storage.CheckpointSource {
        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public String description() {
            return "checkpoint-" + revision;
        }

        @Override
        public void read(long position, byte[] target, int offset, int length) {
            System.arraycopy(bytes, Math.toIntExact(position), target, offset, length);
        }

        @Override
        public void close() {}
    }
}
