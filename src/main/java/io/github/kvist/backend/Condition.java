// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import org.jspecify.annotations.Nullable;

/**
 * What must hold for a {@link Commit} to happen: the entry is the one with {@code version}.
 *
 * @param version a stamp, or {@link #ABSENT} if there must be no entry
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Condition(Keyspace keyspace, byte[] key, long version) {
    public static final long ABSENT = -1;

    /** Whether {@code present} is what the condition asks for. */
    public boolean holds(@Nullable Stored present) {
        return present == null ? version == ABSENT : present.version() == version;
    }
}
