// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import io.github.kvist.api.TransactionOptions;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * For backends that give each transaction a branch of their own making, as the built-in engine does. For all others
 * transactions are optimistic, over {@link Backend#view} and {@link Backend#commit}.
 */
public interface Branching {

    /** A branch of the newest visible commit; the caller closes it. */
    Branch begin(TransactionOptions options);

    /**
     * Runs {@code work} on a branch and commits it; on a conflict runs it again on a newer one, at last alone, within the time
     * and retries of {@code options}. Called by a thread that is not inside such a call on this backend already.
     */
    <R extends @Nullable Object> R commit(TransactionOptions options, Function<? super Branch, ? extends R> work);

    /** A branch of an older state that can be written and read but never committed. */
    Branch scratch(View view);
}
