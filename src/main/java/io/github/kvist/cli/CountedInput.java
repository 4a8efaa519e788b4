// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Shows how much of a file has been read. */
final class CountedInput extends FilterInputStream {
    private final long total;
    private final Bar bar;
    private long done;

    CountedInput(InputStream in, long total, Bar bar) {
        super(in);
        this.total = total;
        this.bar = bar;
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        count(one < 0 ? 0 : 1);
        return one;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        count(Math.max(0, count));
        return count;
    }

    private void count(int bytes) {
        done += bytes;
        bar.at(done, total);
    }
}
