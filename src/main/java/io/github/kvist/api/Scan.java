// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.api;

import java.util.List;
import java.util.stream.Stream;

/**
 * Entries in key order, read lazily; each terminal call starts anew. Immutable: {@code reverse}, {@code limit} and
 * {@code after} return changed copies and may come in any order. Deleting or writing while iterating is safe: an iteration
 * shows what was there when it began.
 */
public interface Scan<K, V> extends Iterable<Entry<K, V>> {

    /** The same entries from the last to the first; twice is forward again. */
    Scan<K, V> reverse();

    /**
     * At most {@code n} entries; of two limits the smaller counts.
     *
     * @throws IllegalArgumentException if {@code n} is negative
     */
    Scan<K, V> limit(long n);

    /**
     * Only what follows the page that gave {@code token}.
     *
     * @throws IllegalArgumentException at the terminal call, if the token is of another scan or direction
     */
    Scan<K, V> after(PageToken token);

    List<Entry<K, V>> toList();

    List<K> keys();

    List<V> values();

    /** Close the stream, or drain it. */
    Stream<Entry<K, V>> stream();

    /** The cheapest way through many entries: nothing is decoded that is not asked for. Close it. */
    Cursor<K, V> cursor();

    /**
     * The first {@code size} entries and a token for the next page.
     *
     * @throws IllegalArgumentException unless {@code size} is positive
     */
    Page<K, V> page(int size);
}
