// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import io.github.kvist.format.Manifest.Mark;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a log was found to hold.
 *
 * @param full the segments before the last
 * @param mark where the next frame belongs
 * @param capacity of the last segment, as its header says
 * @param limit the length of the last segment's file that may be relied on
 * @param durable the last revision that a frame knows to have been on stable storage
 * @param frames how many frames were handed over
 * @param bytes how long these were
 * @param torn what is to be cut, if anything
 */
record LogEnd(
        List<FullSegment> full,
        Mark mark,
        long capacity,
        long limit,
        long durable,
        long frames,
        long bytes,
        @Nullable Torn torn) {

    /**
     * A segment that its end frame closes.
     *
     * @param crc checksum of that frame
     * @param revision the last one in it
     */
    record FullSegment(int number, int crc, long revision) {}

    /**
     * An unfinished end.
     *
     * @param end the first byte behind it; only zeros follow
     */
    record Torn(String where, long end, String problem) {}
}
