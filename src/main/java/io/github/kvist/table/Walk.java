// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

/** What a scan walks through: which view, which keys, and what is shown of them. Immutable. */
sealed interface Walk<K, V> permits RecordWalk, IndexWalk {

    Views views();

    Bounds bounds();

    /** A number for this table, index and range, the same in every process; for page tokens. */
    long identity();

    /** Starts in a view of its own choice, which the cursor releases. */
    WalkCursor<K, V> start(Bounds part, boolean reverse, long limit);
}
