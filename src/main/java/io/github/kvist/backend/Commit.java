// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import io.github.kvist.api.Durability;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole transaction in one call: all operations happen, in their order and in one revision, if all conditions hold and nothing
 * that was read has changed; else nothing does.
 *
 * @param unchanged what was read before; {@code null} if nothing was
 * @param durability what the call waits for
 */
public record Commit(
        List<Condition> conditions,
        @Nullable Unchanged unchanged,
        List<? extends Operation> operations,
        Durability durability) {

    /** What a backend answers instead of a revision if a condition did not hold. */
    public static final long REFUSED = -1;

    /** A transaction that read nothing. */
    public Commit(List<Condition> conditions, List<? extends Operation> operations, Durability durability) {
        this(conditions, null, operations, durability);
    }
}
