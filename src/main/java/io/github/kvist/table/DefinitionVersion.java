// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import io.github.kvist.backend.Condition;
import io.github.kvist.backend.Keyspace;

/**
 * A stored definition that is the one that was given.
 *
 * @param since a revision from which on it was stored, and its indexes were complete
 * @param version of the entry that holds it
 * @param seenNanos when it was last seen, by the clock of {@link System#nanoTime}
 */
record DefinitionVersion(long since, long version, long seenNanos) {

    /** That it is still stored. */
    Condition condition(Keyspace definitions, byte[] key) {
        return new Condition(definitions, key, version);
    }
}
