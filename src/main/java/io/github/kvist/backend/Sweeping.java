// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import io.github.kvist.api.Durability;
import java.util.function.Predicate;

/** For backends whose entries are hidden when they are due, and stay until they are swept. */
public interface Sweeping {

    /** A lower bound of all deadlines, {@link Stored#NEVER} if no entry has one. Cheap: asked for after every commit. */
    long earliestDeadline();

    /**
     * Removes all entries that are due now, of all keyspaces, in one commit; none if nothing is due.
     *
     * @param counted accepts the names of the keyspaces whose entries are counted
     * @return how many entries of those were removed
     */
    long sweep(Predicate<String> counted, Durability durability);
}
