// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.backend.View;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where a table's reads find their view. Every view that is acquired is released, by the same thread or another. */
interface Views {

    /** A view in which records can be read. */
    View acquire();

    /** A view in which every index of the table is complete, too. */
    View acquireIndexed(TableSpace<?, ?> space);

    void release(View view);

    /** Runs reads that belong together: where what was read may move, perhaps more than once. */
    default <R extends @Nullable Object> R together(Supplier<? extends R> reads) {
        return reads.get();
    }

    /**
     * Lets a cursor go on.
     *
     * @throws RuntimeException if what it walks through has ended
     */
    void requireOpen();

    /** Is told of a walk along an index, whose records are looked up on the way. */
    default void opened(IndexCursor<?, ?> cursor) {}
}
