// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import java.util.List;

/**
 * What a transaction has read, to be checked when it commits: no commit after revision {@code since} put, touched or deleted an
 * entry in any of the ranges. The removal of an entry that was due at {@code instant} already is no change: it was not seen.
 *
 * <p>This is the backward validation of Kung and Robinson, "On Optimistic Methods for Concurrency Control" (TODS 1981), over
 * ranges, so that phantoms count too.
 *
 * @param since the revision of the view that was read
 * @param instant by which that view judged deadlines, in milliseconds since the epoch
 */
public record Unchanged(long since, long instant, List<Range> ranges) {

    public Unchanged {
        ranges = List.copyOf(ranges);
    }
}
