// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.api.ProgressListener;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Tells how many bytes were read: at every quarter of a megabyte, and when the stream ends. Confined to one thread. */
final class ToldInput extends FilterInputStream {

    private static final int STEP = 256 << 10;

    private final long total;
    private final ProgressListener listener;
    private long done;
    private long told = -1;

    /**
     * Counts from where {@code in} is.
     *
     * @param total the bytes up to its end; -1 if they are not known
     */
    ToldInput(InputStream in, long total, ProgressListener listener) {
        super(in);
        this.total = total;
        this.listener = listener;
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        count(one < 0 ? -1 : 1);
        return one;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        count(count);
        return count;
    }

    private void count(int bytes) {
        done += Math.max(0, bytes);
        boolean isEnd = bytes < 0;
        if (isEnd ? told < done : done - Math.max(0, told) >= STEP) {
            told = done;
            listener.progressed(done, total);
        }
    }
}
