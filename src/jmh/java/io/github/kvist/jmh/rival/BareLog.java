// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * No store at all: writes the bytes of each put, and as many more as a log frame takes, into a file that was filled with
 * zeros beforehand, and forces it. The floor under every durable commit of one thread.
 */
final class BareLog implements Contender {
    private static final int FILE_BYTES = 64 << 20;
    private static final int FRAME_BYTES = 80;

    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
    private long position;

    BareLog(Path directory) throws IOException {
        file = FileChannel.open(directory.resolve("bare.log"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        while (file.position() < FILE_BYTES) {
            file.write(buffer.clear());
        }
        file.force(true);
    }

    @Override
    public synchronized void put(byte[] key, byte[] value) throws IOException {
        buffer.clear().put(key).put(value);
        buffer.position(buffer.position() + FRAME_BYTES).flip();
        if (position + buffer.limit() > FILE_BYTES) {
            position = 0;
        }
        position += file.write(buffer, position);
        file.force(false);
    }

    @Override
    public long get(byte[] key) {
        throw new UnsupportedOperationException("A bare log is only written.");
    }

    @Override
    public boolean compareAndSet(byte[] key, byte[] value) {
        throw new UnsupportedOperationException("A bare log is only written.");
    }

    @Override
    public void load(Entries entries) throws IOException {
        for (int i = 0; i < entries.size(); i++) {
            put(entries.key(i), entries.value(i));
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
