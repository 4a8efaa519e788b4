// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts a stream into lines of bytes; a line ends with a line feed, perhaps after a carriage return, or with the stream. */
final class LineReader {

    /** A value in Base64 with all around it stays below. */
    private static final int LINE_MAX = 1 << 29;

    private final InputStream in;
    private final byte[] buffer = new byte[64 << 10];
    private int at;
    private int end;
    private long number;
    private long bytes;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** How many lines were read. */
    long number() {
        return number;
    }

    /** How many bytes were read, those of the lines and their ends. */
    long bytes() {
        return bytes;
    }

    /** The next line without its end; {@code null} if there is none. */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        boolean isAny = false;
        while (at < end || fill()) {
            isAny = true;
            int stop = at;
            while (stop < end && buffer[stop] != '\n') {
                stop++;
            }
            if (line.size() + (stop - at) > LINE_MAX) {
                throw new MalformedLineException(number + 1, LINE_MAX, "a line has at most " + LINE_MAX + " bytes");
            }
            line.write(buffer, at, stop - at);
            boolean isWhole = stop < end;
            bytes += stop - at + (isWhole ? 1 : 0);
            at = isWhole ? stop + 1 : stop;
            if (isWhole) {
                break;
            }
        }
        return isAny ? counted(line.toByteArray()) : null;
    }

    private byte[] counted(byte[] line) {
        number++;
        return line.length > 0 && line[line.length - 1] == '\r' ? Arrays.copyOf(line, line.length - 1) : line;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }
}
