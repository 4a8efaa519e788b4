// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.Comparator;

/**
 * A codec whose bytes sort like its objects.
 *
 * <p>Law: comparing two encodings as unsigned bytes gives what {@link #order} gives for the objects, and equal objects have
 * equal encodings. Ordered scans, ranges and indexes rely on it.
 */
public interface KeyCodec<K> extends Codec<K> {

    Comparator<K> order();

    /**
     * The length of every encoding if all have the same, else -1. Keys of one size need no terminator inside tuples and
     * index entries.
     */
    default int fixedBytes() {
        return -1;
    }

    /**
     * The bytes with which the encoding of every key starts that has {@code prefix} as its prefix.
     *
     * @throws IllegalArgumentException if keys of this codec have no prefixes, as numbers and other keys of one size
     */
    default byte[] encodePrefix(K prefix) {
        throw new IllegalArgumentException("Keys of the codec " + id()
                + " have no prefixes. Use a range such as KeyRange.closedOpen, or string, bytes or tuple keys.");
    }
}
