// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.backend.FileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** An open file as a stream from its first byte on, without a buffer. Closing the stream leaves the file open. */
final class HandleStreams {

    private HandleStreams() {}

    static OutputStream output(FileSystem.Handle file) {
        return new OutputStream() {
            private long position;

            @Override
            public void write(int single) throws IOException {
                write(new byte[] {(byte) single}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                file.write(position, source, offset, length);
                position += length;
            }
        };
    }

    static InputStream input(FileSystem.Handle file) {
        return new InputStream() {
            private long position;

            @Override
            public int read() throws IOException {
                byte[] single = new byte[1];
                return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = file.read(position, target, offset, length);
                position += count;
                return count == 0 && length > 0 ? -1 : count;
            }
        };
    }
}
